import { describe, expect, it } from "vitest";
import { alignWaits, findTtlMismatches, type TimedStep } from "#libs/channel-ttl/align.ts";
import { channelTtl, providerTtl } from "#libs/channel-ttl/channel-ttl.ts";
import type { Content } from "#libs/contracts/generated/types.ts";
import { type BodyOf, withBody } from "#libs/settings/setting.ts";
import { demoView } from "#test/support/demo-settings.ts";

const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
const template = (name: string, more: Partial<BodyOf<"template">>) =>
  withBody(
    { ...stamp, kind: "template", name: `${name}.en_US` },
    { channel: "whatsapp", name, language: "en_US", category: "utility", ...more },
  );
const account = demoView(
  template("otp", { category: "authentication" }),
  template("delivery", { ttlSeconds: 600 }),
  template("news", { category: "marketing" }),
).findAccount("demo")!;

const text = { type: "TEXT", text: "Hi", richJson: null, fallbackText: null, sms: null } as const;
const rich = (json: object): Content => ({ ...text, richJson: JSON.stringify(json) });
const sending = (name: string) => rich({ template: { name, language: "en_US", components: [] } });
const whatsapp = { channel: "whatsapp", ttlSeconds: null };
const sms: TimedStep = { channel: "sms", waitSeconds: null, ttlSeconds: null };

describe("how long a channel goes on trying", () => {
  it.each<[string, Content, number, string]>([
    ["a template's own TTL", sending("delivery"), 600, "template"],
    ["Meta's 10 minutes for authentication", sending("otp"), 600, "template"],
    ["Meta's 30 days for marketing", sending("news"), 2_592_000, "template"],
    ["a template that nobody configured", sending("unknown"), 2_592_000, "channel"],
    [
      "8x8's direct send",
      rich({ whatsApp: { directSend: { ttlSeconds: 90 } } }),
      90,
      "direct-send",
    ],
    [
      "a direct send with a TTL that none can have",
      rich({ whatsApp: { directSend: { ttlSeconds: 1e15 } } }),
      2_592_000,
      "channel",
    ],
    ["a plain text", text, 2_592_000, "channel"],
    ["content that is no JSON", { ...text, richJson: "{" }, 2_592_000, "channel"],
  ])("%s", (_, content, seconds, source) => {
    expect(channelTtl(whatsapp, content, account)).toEqual({ seconds, source });
  });

  it("follows the step before the template", () => {
    const own = channelTtl({ ...whatsapp, ttlSeconds: 45 }, sending("delivery"), account);
    expect(own).toEqual({ seconds: 45, source: "step" });
  });

  it("takes no template into account on another channel", () => {
    const viber = { channel: "viber", ttlSeconds: null };
    expect(channelTtl(viber, sending("delivery"), account).source).toBe("channel");
  });

  it("tells the provider what somebody has said, and nothing otherwise", () => {
    expect(providerTtl(whatsapp, sending("delivery"), account)).toBe(600);
    expect(providerTtl(whatsapp, text, account)).toBeNull();
  });
});

const steps = (waitSeconds: number | null) => [{ ...whatsapp, waitSeconds }, sms];

const mismatches = (waitSeconds: number | null, content = sending("delivery")) =>
  findTtlMismatches(steps(waitSeconds), content, account);

describe("a wait that is shorter than the TTL", () => {
  it("is found, with the wait that would do", () => {
    const found = { stepIndex: 0, waitSeconds: 60, ttlSeconds: 600, alignedSeconds: 660 };
    expect(mismatches(60)).toEqual([found]);
    expect(mismatches(600)).toHaveLength(1);
  });

  it("is none where the wait is longer, as in 8x8's guide, or where there is none", () => {
    expect(mismatches(900)).toEqual([]);
    expect(mismatches(null)).toEqual([]);
    expect(findTtlMismatches([{ ...whatsapp, waitSeconds: 60 }], sending("otp"), account)).toEqual(
      [],
    );
  });

  it("is not spoken of where nobody has said how long the channel tries", () => {
    expect(mismatches(60, text)).toEqual([]);
  });

  it("is found by what the step itself says", () => {
    const own = [{ ...whatsapp, waitSeconds: 60, content: sending("otp") }, sms];
    expect(findTtlMismatches(own, text, account)).toHaveLength(1);
  });

  it("is raised above the TTL, and then there is none", () => {
    const aligned = alignWaits(steps(60), mismatches(60));
    expect(aligned.map(({ waitSeconds }) => waitSeconds)).toEqual([660, null]);
    expect(findTtlMismatches(aligned, sending("delivery"), account)).toEqual([]);
  });

  it("stays where no wait is as long", () => {
    const found = mismatches(60, sending("news"));
    expect(found).toMatchObject([{ alignedSeconds: null }]);
    expect(alignWaits(steps(60), found)).toEqual(steps(60));
  });
});
