// Every code that a request can be refused with is brought about on each way in that can tell it, and
// is documented for both: what HTTP refuses, Kafka's way in ends as rejected with the same code.
import { readFileSync } from "node:fs";
import { assert, describe, expect, it } from "vitest";
import { withinBounds } from "#libs/contracts/bounds.ts";
import { refusedAs } from "#libs/dialects/native/problem.ts";
import { parseSend } from "#libs/dialects/native/send/parse-send.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import { fallbackRules } from "#libs/fallback/inputs.ts";
import { faultCodes, faultCodesOf } from "#libs/judgement/fault.ts";
import { transition } from "#libs/message-flow/transition.ts";
import { NO_LIMITS } from "#libs/settings/bodies/limits.ts";
import { type BodyOf, type Kind, withBody } from "#libs/settings/setting.ts";
import { requestToInput } from "#services/send-request-consumer/handler.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { faultyRequests } from "#test/support/faulty-requests.ts";
import { START } from "#test/support/journal-entry.ts";
import { codecOf } from "#test/support/record-codecs.ts";
import { requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";
import { templateSetting } from "#test/support/template-setting.ts";

const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
const setting = <K extends Kind>(kind: K, name: string, body: BodyOf<K>) =>
  withBody({ ...stamp, kind, name }, body);

/** Without a default flow, with no SMS after Viber, and within the limits of an operator. */
const settings = demoView(
  setting("account", "demo", {
    name: "Faulty",
    guid: "a".repeat(32),
    defaultWaitSeconds: 300,
    smsSegmentsMax: 1,
  }),
  setting("channel", "viber", { senders: ["V"], smsFallback: false, enabled: true }),
  setting("limits", "limits", {
    ...NO_LIMITS,
    countries: { denied: ["AU"] },
    senders: { rcs: ["ACME"] },
  }),
  templateSetting({ name: "otp", category: "authentication", ttlSeconds: 600 }),
);
const account = settings.findAccount("demo");
assert(account);
const { sendRequest } = { sendRequest: codecOf("send-request") };

function refusedByHttp(over: object): string | undefined {
  const body = { recipient: { msisdn: "+6591234567" }, content: { text: "Hello" }, ...over };
  try {
    parseSend(body, { account: account!, messageId: "m-1", now: START });
    return undefined;
  } catch (error) {
    return refusedAs(error)?.code;
  }
}

type Over = Parameters<typeof storedRequest>[0];

function rejectedByConsumer(over: Over) {
  const bytes = sendRequest.encode(storedRequest(over));
  const read = withinBounds("send-request", decodeOwn("send-request", bytes), bytes.length);
  assert(!(read instanceof PoisonRecordError), "It is poison.");
  const record = { topic: "", partition: 0, offset: "0", key: null, headers: {}, timestamp: START };
  const input = requestToInput({ ...record, ...read, bytes }, { codec: sendRequest, settings });
  const context = { now: START, apartMs: 0, settings, timeScale: 1, rules: fallbackRules };
  const event = transition("m-1", null, [input], context)?.events[0];
  assert(event?.type === "MESSAGE_ENDED" && event.outcome === "REJECTED");
  return event;
}

/**
 * What is told of more than a request and the settings of its account here: by what was used of a day and by
 * prices (test/integration/libs/daily-caps, test/unit/libs/judgement/limit-faults.test.ts) ...
 */
const isOfLimits = (code: string) => code.endsWith("-cap-reached") || code === "no-price";
/** ... and by whose id it is (test/integration/libs/message-flow/taken-ids.test.ts). */
const isOfStored = (code: string) => isOfLimits(code) || code === "message-id-taken";

describe("a code of a refused request", () => {
  const byBody = faultCodesOf("http").filter((code) => !isOfLimits(code));
  it.each(byBody)("%s is told over HTTP", (code) => {
    const { http } = faultyRequests[code];
    assert(http, `No body brings about ${code}.`);
    expect(refusedByHttp(http)).toBe(code);
  });

  const byRecord = faultCodesOf("kafka").filter((code) => !isOfStored(code));
  it.each(byRecord)("%s is told of a record", (code) => {
    const { kafka } = faultyRequests[code];
    assert(kafka, `No record brings about ${code}.`);
    const { detail, faults } = rejectedByConsumer(kafka);
    expect([detail, faults[0]?.code]).toEqual([code, code]);
  });

  it("is told of a record with every other one, up to twenty", () => {
    const recipient = { msisdn: "1", country: null, channelUserIds: {} };
    const { detail, faults } = rejectedByConsumer({
      recipient,
      flowId: "x",
      callbackUrl: "ftp://x",
    });
    const codes = ["unknown-flow", "bad-number", "bad-callback-url"];
    expect([detail, faults.map(({ code }) => code)]).toEqual([codes[0], codes]);
    expect(faults[1]).toMatchObject({
      path: "/recipient/msisdn",
      words: "must be a number in E.164, such as +6591234567",
    });

    const ids = Array.from({ length: 15 }, (_, index) => [`x${index}`, " "]);
    const unreachable = { ...recipient, channelUserIds: Object.fromEntries(ids) };
    const impossible = faultyRequests["impossible-wait"].kafka!.steps![0]!;
    const steps = Array.from({ length: 10 }, () => impossible);
    expect(rejectedByConsumer({ recipient: unreachable, steps }).faults).toHaveLength(20);
  });

  it.each(["schemas/message-outcome.avsc", "schemas/asyncapi.yaml"])(
    "of a record is documented in %s",
    (file) => {
      const document = readFileSync(file, "utf8");
      const missing = faultCodesOf("kafka").filter((code) => !document.includes(code));
      expect(missing).toEqual([]);
    },
  );

  it("has a request for each way in on which it is told, and for no other", () => {
    const given = Object.entries(faultyRequests).map(([code, ways]) => [code, Object.keys(ways)]);
    const expected = Object.entries(faultCodes).map(([code, { ways }]) => [
      code,
      isOfStored(code) ? [] : [...ways],
    ]);
    expect(Object.fromEntries(given)).toEqual(Object.fromEntries(expected));
  });
});

describe("what is odd", () => {
  const content = { type: "TEMPLATE", text: null, fallbackText: null, sms: null } as const;
  const template = (of: unknown): [object, Over] => [
    { steps: [{ channel: "whatsapp" }], content: { type: "TEMPLATE", template: of } },
    {
      steps: [requestedStep("whatsapp")],
      content: { ...content, richJson: JSON.stringify({ template: of }) },
    },
  ];
  const whole = { name: "otp", language: "en" };
  const numbers = { numbers: Array.from({ length: 9_000 }, () => 1e20), note: "x".repeat(1e5) };
  const beyond = "9999-12-31T23:59:59-01:00";

  it.each<[string, string, [object, Over]]>([
    [
      "a template's name that is too long",
      "unknown-template",
      template({ ...whole, name: "x".repeat(513) }),
    ],
    ["a template's name that is empty", "unknown-template", template({ ...whole, name: "" })],
    ["a template without a name", "bad-rich-content", template({ language: "en" })],
    [
      "a language that is too long",
      "unknown-template",
      template({ ...whole, language: "x".repeat(17) }),
    ],
    ["components that are no list", "bad-rich-content", template({ ...whole, components: "x" })],
    ["a component that is none", "bad-rich-content", template({ ...whole, components: ["x"] })],
    [
      "51 components",
      "bad-rich-content",
      template({ ...whole, components: Array.from({ length: 51 }, () => ({})) }),
    ],
    ["a template that is none", "content-missing", template("otp")],
    [
      "rich content that is no object",
      "bad-rich-content",
      [
        { content: { type: "IMAGE", rich: [] } },
        { content: { ...content, type: "IMAGE", richJson: "[]" } },
      ],
    ],
    [
      "rich content that has grown",
      "too-long",
      [
        { content: { type: "CAROUSEL", rich: { carousel: numbers } } },
        {
          content: {
            ...content,
            type: "CAROUSEL",
            richJson: JSON.stringify({ carousel: numbers }),
          },
        },
      ],
    ],
    [
      "an instant beyond the last year",
      "not-an-instant",
      [{ expiresAt: beyond }, { expiresAt: Date.parse(beyond) }],
    ],
    [
      "a letter as a country",
      "bad-country",
      [
        { recipient: { msisdn: "+6591234567", country: "S" } },
        { recipient: { msisdn: "+6591234567", country: "S", channelUserIds: {} } },
      ],
    ],
  ])("has one code on every way in: %s", (_what, code, [body, record]) => {
    const [steps, way] = [[{ channel: "whatsapp" }], [requestedStep("whatsapp")]];
    expect(refusedByHttp({ steps, ...body })).toBe(code);
    expect(rejectedByConsumer({ steps: way, ...record }).detail).toBe(code);
  });
});
