// A client of Vonage's Dispatch API: its request as Vonage documents it, and a receiver that gets the
// two webhooks, one of each message's statuses and one of the whole workflow and what it cost.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { messageIdOf } from "#libs/dialects/vonage/message-uuids.ts";
import { apiCaller } from "#test/support/api-caller.ts";
import { notOvertaken } from "#test/support/not-overtaken.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

const WITHIN = { timeout: 60_000, interval: 50 };
/**
 * A number's third digit from the right says how WhatsApp goes, its second Viber, its last SMS. A
 * delivery of WhatsApp is charged 0.035 EUR, of Viber 0.02; an SMS that a carrier took 0.045.
 */
const READ = "6599992000";
const SENT_THEN_SMS = "6599992200";
const DELIVERED_THEN_SMS = "6599992100";
const REFUSED_THEN_SMS = "6599992300";
const SMS_REFUSED = "6599992003";
const ALL_FAIL = "6599992355";
const LATE_AND_SMS = "6599992600";
const LATE_AND_NO_SMS = "6599992605";

const whatsapp = (number: string, condition_status: string, expiry_time = 60) => ({
  from: { type: "whatsapp", number: "FALLTHRU" },
  to: { type: "whatsapp", number },
  message: { content: { type: "text", text: "Hello by WhatsApp" } },
  failover: { expiry_time, condition_status },
});
const viber = (number: string) => ({
  from: { type: "viber_service_msg", id: "FALLTHRU" },
  to: { type: "viber_service_msg", number },
  message: {
    content: { type: "text", text: "Hello by Viber" },
    viber_service_msg: { category: "transaction", ttl: 600 },
  },
  failover: { expiry_time: 600, condition_status: "delivered" },
});
const sms = (number: string) => ({
  from: { type: "sms", number: "FALLTHRU" },
  to: { type: "sms", number },
  message: { content: { type: "text", text: "Hello by SMS" } },
});
const failover = (...workflow: object[]) => ({ template: "failover", workflow });

const opened = new AsyncDisposableStack();
let product: Product;
let endpoint: Receiver;
/** Of what takes long, by number: all of them run at once. */
let waiting: Map<string, string>;

beforeAll(async () => {
  endpoint = opened.use(await startReceiver());
  const env = { WEBHOOK_ALLOW_PRIVATE: "true" };
  product = opened.use(await startProduct({ timeScale: 0.02, env }));
  const body = { url: endpoint.url, format: "vonage" };
  await apiCaller(() => product.places.apiUrl)("PUT", "/ft/v1/accounts/demo/webhooks/dispatch", {
    body,
  });
  // 300 s are 6 s here: WhatsApp has said what it says long before. After 900 s the SMS has ended five
  // seconds before a late delivery of WhatsApp's.
  const conditions = [
    [SENT_THEN_SMS, "delivered", 300],
    [DELIVERED_THEN_SMS, "read", 300],
    [LATE_AND_SMS, "delivered", 900],
    [LATE_AND_NO_SMS, "read", 900],
  ] as const;
  const sent = conditions.map(async ([number, condition, seconds]) => {
    return [number, await send(whatsapp(number, condition, seconds), sms(number))] as const;
  });
  waiting = new Map(await Promise.all(sent));
});
afterAll(() => opened.disposeAsync());

const dispatch = (body: unknown, key?: string) => post("/v0.1/dispatch", body, key);

async function post(path: string, body: unknown, key = "demo-key") {
  const authorization = `Basic ${btoa(`demo:${key}`)}`;
  const answer = await fetch(product.places.apiUrl + path, {
    method: "POST",
    headers: { authorization, "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: Object(await answer.json()) };
}

async function send(...workflow: object[]): Promise<string> {
  const { status, body } = await dispatch(failover(...workflow));
  expect([status, body]).toEqual([202, { dispatch_uuid: expect.any(String) }]);
  return body.dispatch_uuid;
}

const told = () => endpoint.received.map(({ body }) => Object(JSON.parse(body)));
const reportsOf = (uuid: string) => told().filter(({ dispatch_uuid }) => dispatch_uuid === uuid);
const statusesOf = (uuid: string) =>
  told().filter(({ _links }) => _links?.workflow?.dispatch_uuid === uuid);

async function reported(uuid: string, count = 1) {
  await vi.waitFor(() => expect(reportsOf(uuid)).toHaveLength(count), WITHIN);
  return reportsOf(uuid);
}

const words = (uuid: string) => statusesOf(uuid).map(({ to, status }) => `${to.type} ${status}`);
const euros = (price: string) => ({ price, currency: "EUR" });

describe("a workflow", () => {
  it("stops at the first message that reaches its condition", async () => {
    const uuid = await send(whatsapp(READ, "read", 86_400), sms(READ));
    const [report] = await reported(uuid);
    const message_uuid = messageIdOf(uuid);
    expect(report).toEqual({
      dispatch_uuid: uuid,
      template: "failover",
      status: "completed",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      usage: euros("0.0350"),
      _links: {
        messages: [
          {
            message_uuid,
            href: message_uuid,
            channel: "whatsapp",
            usage: euros("0.0350"),
            status: "read",
          },
        ],
      },
    });
    const ladder = ["whatsapp submitted", "whatsapp delivered", "whatsapp read"];
    expect(words(uuid)).toEqual(notOvertaken(ladder, words(uuid)));
    expect(statusesOf(uuid).at(-1)).toEqual({
      message_uuid,
      to: { type: "whatsapp", number: READ },
      from: { type: "whatsapp", number: "FALLTHRU" },
      timestamp: expect.any(String),
      status: "read",
      usage: euros("0.0350"),
      _links: { workflow: { dispatch_uuid: uuid, href: `/workflows/${uuid}` } },
    });
    expect(await product.callsOf(messageIdOf(uuid))).toHaveLength(1);
  });

  it.each([
    ["delivered", SENT_THEN_SMS, "submitted", "0.0000", "0.0450"],
    ["read", DELIVERED_THEN_SMS, "delivered", "0.0350", "0.0800"],
  ])("goes on where %s has not come within expiry_time", async (_, number, status, own, sum) => {
    const uuid = waiting.get(number) ?? "";
    const [report] = await reported(uuid);
    expect(report).toMatchObject({
      status: "completed",
      usage: euros(sum),
      _links: {
        messages: [
          { channel: "whatsapp", status, usage: euros(own) },
          { channel: "sms", status: "delivered", usage: euros("0.0450") },
        ],
      },
    });
    const said = (await product.callsOf(messageIdOf(uuid))).map(({ text }) => text);
    expect(said).toEqual(["Hello by WhatsApp", "Hello by SMS"]);
  });

  it("goes on at once where a message fails, and says why", async () => {
    const uuid = await send(whatsapp(REFUSED_THEN_SMS, "delivered", 86_400), sms(REFUSED_THEN_SMS));
    const [report] = await reported(uuid);
    expect(report).toMatchObject({ status: "completed", usage: euros("0.0450") });
    const [rejected, ...bySms] = words(uuid);
    expect(rejected).toBe("whatsapp rejected");
    expect(bySms).toEqual(notOvertaken(["sms submitted", "sms delivered"], bySms));
    const reason = expect.stringContaining("The recipient cannot be reached here.");
    const error = { code: 1300, reason };
    expect(statusesOf(uuid)[0]).toMatchObject({ status: "rejected", error });
    expect(statusesOf(uuid)[0]).not.toHaveProperty("usage");
  });

  it("sends Vonage's own example, an SMS to a second phone after one to the first", async () => {
    const failing = { expiry_time: 60, condition_status: "read" };
    const uuid = await send({ ...sms(SMS_REFUSED), failover: failing }, sms(READ));
    const [report] = await reported(uuid);
    expect(report).toMatchObject({ status: "completed", usage: euros("0.0450") });
    const calls = await product.callsOf(messageIdOf(uuid));
    expect(calls.map(({ recipient }) => recipient)).toEqual([`+${SMS_REFUSED}`, `+${READ}`]);
    const reached = statusesOf(uuid).map(({ status, to: { number } }) => `${status} ${number}`);
    expect(reached).toContain(`rejected ${SMS_REFUSED}`);
    expect(reached).toContain(`delivered ${READ}`);
  });

  it("is an error where every message fails, of three channels as of two", async () => {
    const uuid = await send(whatsapp(ALL_FAIL, "read"), viber(ALL_FAIL), sms(ALL_FAIL));
    const [report] = await reported(uuid);
    // The SMS was taken by its carrier before it failed.
    expect(report).toMatchObject({
      status: "error",
      usage: euros("0.0450"),
      _links: {
        messages: [
          { channel: "whatsapp", status: "rejected" },
          { channel: "viber_service_msg", status: "rejected" },
          { channel: "sms", status: "rejected" },
        ],
      },
    });
  });
});

describe("the final report", () => {
  it("is amended, with both charged, where a message is delivered after the last one was", async () => {
    const [first, amended] = await reported(waiting.get(LATE_AND_SMS) ?? "", 2);
    expect(first).toMatchObject({ status: "completed", usage: euros("0.0450") });
    expect(first).not.toHaveProperty("revision");
    expect(amended).toMatchObject({
      revision: 2,
      status: "completed",
      usage: euros("0.0800"),
      _links: {
        messages: [
          { channel: "whatsapp", status: "delivered", usage: euros("0.0350") },
          { channel: "sms", status: "delivered", usage: euros("0.0450") },
        ],
      },
    });
  });

  it("is amended where a delivery costs something but does not complete the workflow", async () => {
    const uuid = waiting.get(LATE_AND_NO_SMS) ?? "";
    const [first, amended] = await reported(uuid, 2);
    expect(first).toMatchObject({ status: "error", usage: euros("0.0450") });
    expect(amended).toMatchObject({ revision: 2, status: "error", usage: euros("0.0800") });
    expect(words(uuid).at(-1)).toBe("whatsapp delivered");
  });
});

it("a webhook of Vonage's is told of each message in the form of the API that it came by", async () => {
  const message = { message_type: "text", channel: "sms", from: "FALLTHRU", to: READ, text: "Hi" };
  const answer = await post("/v1/messages", message);
  expect(answer.status).toBe(202);
  const { message_uuid } = answer.body;
  const statuses = () => told().filter((each) => each.message_uuid === message_uuid);
  await vi.waitFor(() => expect(statuses().at(-1)?.status).toBe("delivered"), WITHIN);
  expect(statuses().at(-1)).toMatchObject({ to: READ, from: "FALLTHRU", channel: "sms" });
});

describe("a request that is refused", () => {
  it("is answered in Vonage's form, with everything that is wrong with it", async () => {
    const wrong = { ...whatsapp("12", "sent"), failover: undefined };
    const { status, body } = await dispatch(failover(wrong, { ...sms(READ), failover: {} }));
    expect([status, body]).toEqual([
      400,
      {
        type: "https://developer.vonage.com/api-errors/messages#1020",
        title: "Invalid params",
        detail: "Your request parameters did not validate.",
        instance: expect.stringMatching(/^[0-9a-f]{32}$/),
        invalid_parameters: [
          { name: "workflow[0].failover", reason: "is required" },
          { name: "workflow[1].failover", reason: "is not known here" },
        ],
      },
    ]);
  });

  it("is 401 without a good key", async () => {
    const { status, body } = await dispatch(failover(sms(READ)), "guessed");
    expect([status, body.type]).toEqual([
      401,
      "https://developer.vonage.com/api-errors#unauthorized",
    ]);
  });
});
