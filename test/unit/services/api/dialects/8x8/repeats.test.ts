// `clientMessageId` for who has no Idempotency-Key; the claims stand in a map instead of Redis.
import { describe, expect, it } from "vitest";
import { type AnySetting, type BodyOf, withBody } from "#libs/settings/setting.ts";
import type { Claim, IdempotencyKeys } from "#services/api/messages/idempotency-keys.ts";
import { batch, send, text } from "#test/support/8x8/requests.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";

const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
const account: BodyOf<"account"> = {
  name: "Demonstration",
  guid: "a".repeat(32),
  defaultFlow: "whatsapp-then-sms",
  defaultWaitSeconds: 300,
  smsSegmentsMax: 1,
};
const having = (more: Partial<BodyOf<"account">>, ...settings: AnySetting[]) =>
  demoView(
    withBody({ ...stamp, kind: "account", name: "demo" }, { ...account, ...more }),
    ...settings,
  );
const switchedOff = (name: string) =>
  withBody(
    { ...stamp, kind: "channel", name },
    { senders: ["X"], smsFallback: true, enabled: false },
  );

/** A server of an account that wants repeats known for a day, and what Redis would keep. */
function startServer(
  more: Partial<BodyOf<"account">> = { repeatsByClientMessageIdMinutes: 1440 },
  { claims = new Map<string, Claim>(), settings = [] as AnySetting[] } = {},
) {
  const keptSeconds: (number | undefined)[] = [];
  const idempotencyKeys: IdempotencyKeys = {
    find: async ({ accountId, key }) => claims.get(accountId + key) ?? null,
    claim: async ({ accountId, key }, claim, seconds) => {
      keptSeconds.push(seconds);
      const earlier = claims.get(accountId + key) ?? null;
      if (!earlier) claims.set(accountId + key, claim);
      return earlier;
    },
  };
  const api = startApiServer({ settings: having(more, ...settings), idempotencyKeys });
  const post = async (body: object) => (await api.request(send(body))).json();
  const postBatch = async (...messages: object[]) =>
    (await api.request(batch({ messages, includeMessagesInResponse: true }))).json();
  const idsSent = () => new Set(api.accepted.map(({ request }) => request.messageId));
  return { ...api, post, postBatch, idsSent, claims, keptSeconds };
}
const named = (clientMessageId: string, more: object = {}) => ({
  ...text,
  clientMessageId,
  ...more,
});

describe("a clientMessageId that comes again", () => {
  it("is the same message, and is answered as it was first", async () => {
    const { post, idsSent, accepted, keptSeconds } = startServer({
      repeatsByClientMessageIdMinutes: 10,
    });
    const first = await post(named("c-1"));
    expect(await post(named("c-1"))).toEqual(first);
    expect(idsSent()).toEqual(new Set([first.umid]));
    // Byte for byte, so that the consumer sees nothing but a repeat.
    expect(accepted[1]?.request).toEqual(accepted[0]?.request);
    expect(keptSeconds).toEqual([600]);
  });

  it("is the first one's whatever else it says, and that is told", async () => {
    const { post, idsSent, logged } = startServer();
    const first = await post(named("c-1"));
    expect(logged.join("")).not.toContain("another body");
    const other = { user: { msisdn: "+6591234568" }, content: { text: "Other" } };
    expect(await post(named("c-1", other))).toEqual(first);
    expect(idsSent()).toEqual(new Set([first.umid]));
    expect(logged.join("")).toContain("another body");
  });

  it("has the same id where Redis has lost the first one", async () => {
    const { post, claims } = startServer();
    const { umid } = await post(named("c-1"));
    claims.clear();
    expect(await post(named("c-1"))).toMatchObject({ umid });
    expect(await post(named("c-2"))).not.toMatchObject({ umid });
  });

  it("is answered as it was first, whatever has become of the settings since", async () => {
    const { post, accepted, claims } = startServer();
    const expiry = new Date(Date.now() + 3_600_000).toISOString();
    const first = await post(named("c-1", { expiry }));
    const changed = ["whatsapp", "viber", "rcs", "sms"].map(switchedOff);
    const later = startServer(undefined, { claims, settings: changed });
    expect(await later.post(named("c-2"))).toMatchObject({ code: 3027 });
    expect(await later.post(named("c-1", { expiry }))).toEqual(first);
    // Also one that has expired by now, and another body, which no account may send.
    const past = named("c-1", { expiry: "2020-01-01T00:00:00Z", content: {} });
    expect(await later.post(past)).toEqual(first);
    expect(later.accepted.map(({ request }) => request)).toEqual([
      accepted[0]?.request,
      accepted[0]?.request,
    ]);
  });

  it.each([
    ["the account asks for nothing", {}, named("c-1")],
    ["a message has none", { repeatsByClientMessageIdMinutes: 5 }, text],
  ])("is another message where %s", async (_, more, body) => {
    const { post, idsSent, claims } = startServer(more);
    await post(body);
    await post(body);
    expect(idsSent().size).toBe(2);
    expect(claims.size).toBe(0);
  });

  it("is claimed by no message that is refused", async () => {
    const { post, claims } = startServer();
    expect(await post(named("c-1", { content: {} }))).toMatchObject({ code: 3005 });
    expect(claims.size).toBe(0);
    expect(await post(named("c-1"))).toMatchObject({ status: { state: "queued" } });
  });
});

describe("a batch that comes again", () => {
  it("is the same batch, even where Redis has lost it", async () => {
    const { postBatch, claims, idsSent } = startServer();
    const first = await postBatch(named("c-1"), named("c-2"));
    const again = await postBatch(named("c-1"), named("c-2"));
    claims.clear();
    const { batchId } = await postBatch(named("c-1"), named("c-2"));
    expect(again).toEqual(first);
    expect(batchId).toBe(first.batchId);
    expect(idsSent().size).toBe(2);
  });

  it("is the same batch, whatever has become of the settings since", async () => {
    const { postBatch, claims } = startServer();
    const messages = [named("c-1"), named("c-2"), named("c-1"), named("c-3", { content: {} })];
    const first = await postBatch(...messages);
    expect(first).toMatchObject({ acceptedCount: 2, rejectedCount: 2 });
    const changed = ["whatsapp", "viber", "rcs", "sms"].map(switchedOff);
    const later = startServer(undefined, { claims, settings: changed });
    const again = await later.postBatch(...messages);
    expect(again).toMatchObject({ batchId: first.batchId, acceptedCount: 2, rejectedCount: 2 });
    expect(again.messages.slice(0, 2)).toEqual(first.messages.slice(0, 2));
    expect(later.idsSent()).toEqual(new Set([first.messages[0].umid, first.messages[1].umid]));
  });

  it("is told message by message", async () => {
    const { post, postBatch, idsSent } = startServer();
    const alone = await post(named("c-1"));
    const { messages, acceptedCount } = await postBatch(named("c-1"), text, named("c-3"));
    expect(messages[0]).toEqual(alone);
    expect(acceptedCount).toBe(3);
    expect(idsSent().size).toBe(3);
  });
});
