// Who sends while the product is under pressure: in its native dialect over HTTP, or right on Kafka.

import type { PressedProduct } from "./product.ts";
import { counted, until } from "./timed.ts";

export const DELIVERED = "+6599990250";
export const sms = [{ channel: "sms" }];
const ONE_SMS = { recipient: { msisdn: DELIVERED }, content: { text: "Hello" }, steps: sms };

type Request = Parameters<PressedProduct["upstream"]["send"]>[0];

export type Customer = ReturnType<typeof customerOf>;

export function customerOf({ places, upstream }: Pick<PressedProduct, "places" | "upstream">) {
  const native = `${places.apiUrl}/ft/v1`;

  const post = async (path: string, body: string): Promise<Response> => {
    const headers = { authorization: "Bearer demo-key", "content-type": "application/json" };
    const answer = await fetch(`${native}${path}`, { method: "POST", headers, body });
    await answer.arrayBuffer();
    return answer;
  };

  async function admin(method: string, path: string, body: object) {
    const headers = { authorization: "Bearer demo-admin-key", "content-type": "application/json" };
    const answer = await fetch(`${native}${path}`, { method, headers, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
    return Object(JSON.parse(text));
  }

  /** Undefined while nobody has taken it. */
  async function stateOf(messageId: string, key = "demo-key") {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await fetch(`${native}/messages/${encodeURIComponent(messageId)}`, { headers });
    const body: unknown = await answer.json();
    return answer.ok ? Object(body) : undefined;
  }

  const phaseOf = async (messageId: string, key?: string): Promise<string | undefined> =>
    (await stateOf(messageId, key))?.phase;

  /** All of few; of many every fiftieth and the last ones, since asking costs as much as sending. */
  async function untilEnded(messageIds: readonly string[], key?: string): Promise<void> {
    for (const [index, id] of messageIds.entries()) {
      if (messageIds.length > 500 && index % 50 > 0 && index < messageIds.length - 50) continue;
      await until(
        async () => (await phaseOf(id, key)) === "ENDED",
        async () => JSON.stringify(await stateOf(id, key)),
      );
    }
  }

  return {
    post,
    phaseOf,
    untilEnded,
    /** One SMS over HTTP. */
    send: () => post("/messages", JSON.stringify(ONE_SMS)),
    /** Sends one on Kafka and waits for its end: an SMS if nothing else is said. */
    ended: async (request: Request = { to: DELIVERED, steps: sms }, key?: string) =>
      untilEnded(await upstream.send(request), key),
    /** Sends as many SMS on Kafka. Resolves with their ids once they lie there. */
    sendMany: (count: number) =>
      upstream.send(...Array.from({ length: count }, () => ({ to: DELIVERED, steps: sms }))),
    /** How the first 200 of them ended. */
    outcomes: async (messageIds: readonly string[]): Promise<string> => {
      const some = messageIds.slice(0, 200);
      return counted(await Promise.all(some.map(async (id) => (await stateOf(id))?.outcome)));
    },
    /** Resolves with a key that reads its messages. */
    makeAccount: async (accountId: string): Promise<string> => {
      await admin("PUT", `/accounts/${accountId}`, { name: "Other" });
      await admin("PUT", `/accounts/${accountId}/channels/sms`, { senders: ["OTHER"] });
      const { key } = await admin("POST", `/accounts/${accountId}/api-keys`, { scopes: ["read"] });
      return String(key);
    },
  };
}
