import { assert, describe, expect, it } from "vitest";
import { checkChange } from "#libs/settings/check-change.ts";
import { demoSettings } from "#libs/settings/demo-account.ts";
import { type BodyOf, type Kind, withBody } from "#libs/settings/setting.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import { settingsStore } from "#libs/settings/settings-store.ts";

const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };

function storeWith(...more: readonly (typeof demoSettings)[number][]) {
  const store = settingsStore();
  for (const setting of [...demoSettings, ...more]) store.put(setting);
  return store;
}

const setting = <K extends Kind>(kind: K, name: string, body: BodyOf<K>) =>
  withBody({ ...stamp, kind, name }, body);

function put<K extends Kind>(kind: K, name: string, body: BodyOf<K>, store = storeWith()) {
  const after = setting(kind, name, body);
  return refusalOf(() => checkChange(after, after, store));
}

function remove(kind: Kind, name: string, store = storeWith()) {
  return refusalOf(() => checkChange({ accountId: "demo", kind, name }, null, store));
}

function refusalOf(check: () => void): SettingRefusal | null {
  try {
    check();
    return null;
  } catch (error) {
    assert(error instanceof SettingRefusal);
    return error;
  }
}

const on = { smsFallback: true, enabled: true };
const step = { wanted: "DELIVERED", onFailure: "NEXT" } as const;
const account = { name: "A", guid: "a".repeat(32), defaultWaitSeconds: 300, smsSegmentsMax: 1 };

it.each(["THIS IS MUCH TOO LONG FOR SMS", "TWELVE-CHARS", "1234567890123456"])(
  "a sender that no phone shows whole is written nowhere: %s",
  (sender) => {
    const invalid = { code: "invalid" };
    expect(put("channel", "sms", { senders: ["FALLTHRU", sender], ...on })).toMatchObject(invalid);
    expect(put("sms-sender", sender, {})).toMatchObject(invalid);
    const rule = { name: "SMS", type: "SMS", sendId: sender } as const;
    expect(put("fallback-rule", "R_000002", rule)).toMatchObject(invalid);
  },
);

describe("a flow", () => {
  const steps = [{ channel: "sms", template: "order", ...step } as const];
  const template = setting("sms-template", "order", { text: "On its way." });

  it("has a title that no other flow of the account has, published or not", () => {
    const store = storeWith(setting("flow", "a", { name: "Orders", versions: [] }));
    const refused = put("flow", "b", { name: "Orders", versions: [] }, store);
    expect(refused).toMatchObject({ code: "invalid", message: expect.stringContaining("flow a") });
    expect(put("flow", "a", { name: "Orders", versions: [] }, store)).toBeNull();
    expect(put("flow", "b", { versions: [] }, store)).toBeNull();
  });

  it("names a template of its step's channel, which stays while it does", () => {
    const flow = { draft: { steps }, versions: [] };
    expect(put("flow", "a", flow)).toMatchObject({ code: "unknown-reference" });
    expect(put("flow", "a", flow, storeWith(template))).toBeNull();
    const store = storeWith(template, setting("flow", "a", flow));
    expect(remove("sms-template", "order", store)).toMatchObject({ usedBy: ["flow/a"] });
  });

  it("names no template on a channel that has none", () => {
    const viber = [{ channel: "viber", template: "order", ...step } as const];
    const flow = { draft: { steps: viber }, versions: [] };
    expect(put("flow", "a", flow, storeWith(template))).toMatchObject({
      code: "unknown-reference",
    });
  });
});

describe("what is in use", () => {
  it.each<[Kind, string, string[]]>([
    ["channel", "whatsapp", ["flow/whatsapp-then-sms"]],
    ["flow", "whatsapp-then-sms", ["account/demo"]],
    ["fallback-rule", "R_000001", ["fallback-policy/S_000001"]],
  ])("is not deleted: %s %s", (kind, name, usedBy) => {
    expect(remove(kind, name)).toMatchObject({ code: "in-use", usedBy });
  });

  it("is told in full for an account with settings", () => {
    const refusal = remove("account", "demo");
    expect(refusal).toMatchObject({ code: "in-use" });
    expect(refusal?.usedBy).toContain("channel/viber");
  });

  it("keeps the sender that a rule names", () => {
    const taken = put("channel", "sms", { senders: ["OTHER"], ...on });
    expect(taken).toMatchObject({ code: "in-use", usedBy: ["fallback-rule/R_000001"] });
  });

  it("keeps a default flow published", () => {
    const draft = { steps: [{ channel: "sms" as const, ...step }] };
    expect(put("flow", "whatsapp-then-sms", { draft, versions: [] })).toMatchObject({
      code: "in-use",
      usedBy: ["account/demo"],
    });
  });

  it("may go where nobody needs it", () => {
    expect(remove("channel", "viber")).toBeNull();
    expect(remove("fallback-policy", "S_000001")).toBeNull();
  });
});

describe("what names others", () => {
  it.each([
    ["a flow on a channel that is not there", "no channel rcs"],
    ["a flow with a foreign sender", "no sender EVIL of whatsapp"],
  ])("is refused: %s", (title, advice) => {
    const store = storeWith();
    store.drop("demo/channel/rcs");
    const sender = title.includes("sender") ? { channel: "whatsapp", sender: "EVIL" } : undefined;
    const steps = [
      { ...(sender ?? { channel: "rcs" }), ...step },
    ] as BodyOf<"flow">["versions"][0]["steps"];
    const refusal = put("flow", "new", { draft: { steps }, versions: [] }, store);
    expect(refusal).toMatchObject({ code: "unknown-reference" });
    expect(refusal?.message).toContain(advice);
  });

  it("is refused: an account whose default flow is a draft", () => {
    const steps = [{ channel: "sms" as const, ...step }];
    const store = storeWith(setting("flow", "draft", { draft: { steps }, versions: [] }));
    const refusal = put("account", "demo", { ...account, defaultFlow: "draft" }, store);
    expect(refusal?.message).toBe("The account has no published flow draft.");
  });

  it("does not stand in the way of others once it is broken", () => {
    const store = storeWith();
    store.drop("demo/channel/whatsapp");
    expect(put("sms-sender", "ACME", {}, store)).toBeNull();
  });
});

describe("names", () => {
  it.each<[string, () => SettingRefusal | null]>([
    ["pigeon", () => put("channel", "pigeon", { senders: ["A"], ...on })],
    [
      "sms",
      () =>
        put("price", "sms", {
          channel: "sms",
          country: "SG",
          perUnit: 420,
          currency: "EUR",
          chargedOn: "submit",
        }),
    ],
    [
      "order",
      () =>
        put("template", "order", {
          channel: "whatsapp",
          name: "order",
          language: "en",
          category: "utility",
        }),
    ],
  ])("must be what the body says, not %s", (_, change) => {
    expect(change()).toMatchObject({ code: "invalid" });
  });

  it("of accounts come with a GUID of their own", () => {
    const taken = { ...account, guid: storeWith().findAccount("demo")?.guid ?? "" };
    const other = withBody({ ...stamp, accountId: "acme", kind: "account", name: "acme" }, taken);
    expect(refusalOf(() => checkChange(other, other, storeWith()))).toMatchObject({
      code: "invalid",
    });
  });
});

it("refuses settings of an account that is not there", () => {
  const lost = withBody({ ...stamp, accountId: "acme", kind: "sms-sender", name: "A" }, {});
  expect(refusalOf(() => checkChange(lost, lost, storeWith()))).toMatchObject({
    code: "not-found",
  });
});

it("takes a thousand settings of a kind, and no more", () => {
  const many = Array.from({ length: 1_000 }, (_, i) => setting("sms-sender", `S${i}`, {}));
  expect(put("sms-sender", "S0", {}, storeWith(...many))).toBeNull();
  expect(put("sms-sender", "ONE-MORE", {}, storeWith(...many))).toMatchObject({
    code: "too-many",
  });
});

describe("a template's TTL", () => {
  const template = { channel: "whatsapp", name: "otp", language: "en" } as const;
  it.each([
    ["authentication", 901],
    ["utility", 43_201],
    ["marketing", 43_199],
  ] as const)("of %s is refused where WhatsApp refuses it", (category, ttlSeconds) => {
    const refusal = put("template", "otp.en", { ...template, category, ttlSeconds });
    expect(refusal).toMatchObject({ code: "invalid", message: expect.stringContaining(category) });
    expect(put("template", "otp.en", { ...template, category })).toBeNull();
  });
});

it("refuses a price in another currency than the account's others", () => {
  const price = { channel: "sms", country: "SG", perUnit: 1, chargedOn: "submit" } as const;
  expect(put("price", "sms-SG", { ...price, currency: "SGD" })).toMatchObject({ code: "invalid" });
  expect(put("price", "sms-SG", { ...price, currency: "EUR" })).toBeNull();
});
