import { describe, expect, it } from "vitest";
import { fallsBackInVain, findPrice, maySendAs, publishedSteps } from "#libs/settings/account.ts";
import { newApiKey } from "#libs/settings/api-keys.ts";
import { checkExpected } from "#libs/settings/expected.ts";
import { publish, unpublish, withDraft } from "#libs/settings/flow-versions.ts";
import { type BodyOf, type Kind, withBody } from "#libs/settings/setting.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import { settingsStore } from "#libs/settings/settings-store.ts";
import { demoView } from "#test/support/demo-settings.ts";

const NOW = Date.UTC(2026, 10, 21);
const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
const setting = <K extends Kind>(kind: K, name: string, body: BodyOf<K>) =>
  withBody({ ...stamp, kind, name }, body);

function demoWith(...more: Parameters<typeof demoView>) {
  const account = demoView(...more).findAccount("demo");
  if (!account) throw new Error("There is no account demo.");
  return account;
}

describe("an account", () => {
  it("sends by its first sender on every channel that is enabled", () => {
    const senders = ["FIRST", "SECOND"];
    const off = { senders, smsFallback: true, enabled: false };
    const account = demoWith(
      setting("channel", "viber", off),
      setting("channel", "rcs", { ...off, enabled: true }),
    );
    expect(account.senders).toEqual({ whatsapp: "FALLTHRU", rcs: "FIRST", sms: "FALLTHRU" });
  });

  it("completes the steps of its default flow with its default wait", () => {
    expect(demoWith().defaultFlow).toMatchObject([
      { channel: "whatsapp", waitSeconds: 300, sender: null },
      { channel: "sms", waitSeconds: null },
    ]);
  });

  it("may show any SMS source until it registers its own", () => {
    expect(maySendAs(demoWith(), "ANY")).toBe(true);
    const registered = demoWith(setting("sms-sender", "ACME", {}));
    expect(["ACME", "FALLTHRU", "ANY"].map((source) => maySendAs(registered, source))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("can shut a channel off from SMS fallback", () => {
    const off = { senders: ["A"], smsFallback: false, enabled: true };
    const account = demoWith(setting("channel", "viber", off));
    const falls = (...names: string[]) =>
      fallsBackInVain(
        names.map((channel) => ({ channel })),
        account,
      );
    expect(falls("viber", "sms")).toBe(true);
    expect(falls("viber", "rcs", "sms")).toBe(true);
    expect(falls("sms", "viber")).toBe(false);
    expect(falls("whatsapp", "sms")).toBe(false);
  });

  it("pays the country's price, else the channel's", () => {
    const price = { channel: "sms", perUnit: 100, currency: "EUR", chargedOn: "submit" } as const;
    const account = demoWith(
      setting("price", "sms", price),
      setting("price", "sms-SG", { ...price, country: "SG", perUnit: 420 }),
    );
    const priceIn = (country: string | null) =>
      findPrice(account, { channel: "sms", country })?.perUnit;
    expect([priceIn("SG"), priceIn("DE"), priceIn(null)]).toEqual([420, 100, 100]);
  });
});

describe("a key", () => {
  it("is known by its hash until it is revoked", () => {
    const store = settingsStore();
    const { apiKey, body } = newApiKey({ scopes: ["send"] }, NOW);
    store.put(setting("api-key", "k", body));
    expect(store.findKey(apiKey)).toEqual({ accountId: "demo", name: "k", scopes: ["send"] });
    expect(JSON.stringify(body)).not.toContain(apiKey);
    store.put(setting("api-key", "k", { ...body, revokedAt: body.createdAt }));
    expect(store.findKey(apiKey)).toBeUndefined();
  });

  it("goes with its record", () => {
    const store = settingsStore();
    const { apiKey, body } = newApiKey({ scopes: ["send"] }, NOW);
    store.put(setting("api-key", "k", body));
    store.drop("demo/api-key/k");
    expect(store.findKey(apiKey)).toBeUndefined();
  });
});

const steps = (channel: "viber" | "sms") => [
  { channel, wanted: "DELIVERED", onFailure: "NEXT" } as const,
];
const inForce = (flow: BodyOf<"flow">) =>
  publishedSteps(demoWith(setting("flow", "f", flow)), "f")?.map(({ channel }) => channel);

describe("a flow", () => {
  const published = publish(withDraft(undefined, { name: "F", steps: steps("viber") }), NOW);
  it("is not in force while it is a draft", () => {
    expect(inForce(withDraft(undefined, { steps: steps("viber") }))).toBeUndefined();
  });

  it("keeps its published version while a new draft is edited", () => {
    const edited = withDraft(published, { steps: steps("sms") });
    expect(inForce(edited)).toEqual(["viber"]);
    const again = publish(edited, NOW);
    expect(inForce(again)).toEqual(["sms"]);
    expect(again.versions.map(({ version }) => version)).toEqual([1, 2]);
    expect(again.draft).toBeUndefined();
  });

  it("becomes a draft again, and can be published again", () => {
    const draft = unpublish(published);
    expect(inForce(draft)).toBeUndefined();
    expect(inForce(publish(draft, NOW))).toEqual(["viber"]);
  });

  it("has nothing to publish without a draft, and nothing to unpublish before", () => {
    expect(() => publish(published, NOW)).toThrow("no draft");
    expect(() => unpublish(unpublish(published))).toThrow("not published");
  });

  it("forgets its oldest versions", () => {
    let flow = published;
    for (let i = 0; i < 60; i++) flow = publish(withDraft(flow, { steps: steps("sms") }), NOW);
    expect(flow.versions).toHaveLength(50);
    expect(flow.versions.at(-1)?.version).toBe(61);
  });
});

function refusalOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof SettingRefusal) return error.code;
    throw error;
  }
}

describe("what a caller expects", () => {
  const there = setting("sms-sender", "A", {});
  it.each([
    ["unsaid", undefined, null],
    ["unsaid", there, "revision-missing"],
    ["absent", undefined, null],
    ["absent", there, "revision-mismatch"],
    ["present", there, null],
    ["present", undefined, "revision-mismatch"],
    ["anything", undefined, null],
    ["anything", there, null],
    [{ revisions: [1, 2] }, there, null],
    [{ revisions: [2] }, there, "revision-mismatch"],
    [{ revisions: [Number.NaN] }, there, "revision-mismatch"],
    [{ revisions: [1] }, undefined, "revision-mismatch"],
  ] as const)("%j of %j: %s", (expected, current, code) => {
    expect(refusalOf(() => checkExpected(expected, current))).toBe(code);
  });
});
