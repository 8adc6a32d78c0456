// Stands in for Infobip on loopback: takes messages, and posts reports of them.
import { type Received, type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

export const infobipCredentials = { apiKey: "key", webhookUser: "us", webhookPassword: "word" };

/** Answers each call with a status, the last one for ever; null cuts the connection. */
export async function startInfobip(statuses: (number | null)[]): Promise<Receiver> {
  const gateway = await startReceiver();
  gateway.answer = (call) => {
    // Whoever asks for reports: there are none.
    if (call.body === "") return (response) => void response.end('{"results":[]}');
    const status = statuses.length > 1 ? statuses.shift() : statuses[0];
    const messages = [{ messageId: infobipIdOf(call), status: status && infobipStatus(status) }];
    return (response) => {
      if (status) response.writeHead(200).end(JSON.stringify({ messages }));
      else response.destroy();
    };
  };
  return gateway;
}

/** In Infobip's groups: rejected, delivered, pending. */
export function infobipStatus(id: number) {
  if (id === 23) return { groupId: 5, id };
  return { groupId: id === 2 || id === 5 ? 3 : 1, id };
}

/** The id that a call gave its message. */
export function infobipIdOf({ body }: Pick<Received, "body">): string {
  return JSON.parse(body).messages[0].destinations[0].messageId;
}

/** Reports where the call said; returns the answer's status. */
export async function postAsInfobip(
  call: Pick<Received, "body">,
  result: object,
  { webhookUser, webhookPassword } = infobipCredentials,
): Promise<number> {
  const [{ webhooks }] = JSON.parse(call.body).messages;
  const headers = { authorization: `Basic ${btoa(`${webhookUser}:${webhookPassword}`)}` };
  const body = JSON.stringify({ results: [{ messageId: infobipIdOf(call), ...result }] });
  return (await fetch(webhooks.delivery.url, { method: "POST", headers, body })).status;
}

/** Hands a report out to whoever asks next, once. */
export function reportTo(gateway: Receiver, result: object): void {
  const { answer } = gateway;
  const results = [result];
  gateway.answer = (call) => {
    if (!call.path.includes("/reports?")) return answer(call);
    return (response) => response.end(JSON.stringify({ results: results.splice(0) }));
  };
}
