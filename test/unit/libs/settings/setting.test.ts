import { describe, expect, it } from "vitest";
import { parseGiven, ShapeError } from "#libs/json/parse-given.ts";
import { AccountBody } from "#libs/settings/bodies/account.ts";
import { ChannelBody } from "#libs/settings/bodies/channel.ts";
import { FlowDraft } from "#libs/settings/bodies/flow.ts";
import { settingNameOf } from "#libs/settings/bodies/template.ts";
import { readBody } from "#libs/settings/setting.ts";

it.each(["_otp.en", "9_lives.zh_Hans_HK", `${"n".repeat(512)}.en`])(
  "a template that can be sent can be written: %s",
  (name) => {
    expect(name).toMatch(settingNameOf("template"));
  },
);

it.each(["Otp.en", "otp", "otp.", ".en", "a b.en", `${"n".repeat(513)}.en`])(
  "no template is called %j",
  (name) => {
    expect(name).not.toMatch(settingNameOf("template"));
  },
);

const guid = "5f0c1f3e-0d6b-4f0e-9d3a-0a8d6f1c2b3d";

describe("a body that a caller gives", () => {
  it("gets its defaults", () => {
    expect(parseGiven(AccountBody, { name: "Acme", guid })).toEqual({
      name: "Acme",
      guid,
      defaultWaitSeconds: 300,
      smsSegmentsMax: 1,
    });
    const channel = { senders: ["ACME"] };
    expect(parseGiven(ChannelBody, channel)).toMatchObject({ smsFallback: true, enabled: true });
  });

  it("stays as the caller has it: defaults go into a copy", () => {
    const given = { senders: ["ACME"] };
    parseGiven(ChannelBody, given);
    expect(given).toEqual({ senders: ["ACME"] });
  });

  it.each([
    ["no object", AccountBody, null, "The body must be object"],
    ["a misspelt member", AccountBody, { name: "A", guid, defaultWait: 5 }, "defaultWait"],
    ["a wait of 0 s", AccountBody, { name: "A", guid, defaultWaitSeconds: 0 }, "/defaultWait"],
    ["eleven segments", AccountBody, { name: "A", guid, smsSegmentsMax: 11 }, "/smsSegmentsMax"],
    ["no sender", ChannelBody, { senders: [] }, "/senders"],
    ["a sender twice", ChannelBody, { senders: ["A", "A"] }, "/senders"],
    ["no step", FlowDraft, { steps: [] }, "/steps"],
    [
      "an unknown channel",
      FlowDraft,
      { steps: [{ channel: "pigeon" }] },
      "/steps/0/channel must be equal to one of the allowed values: whatsapp, viber, rcs, sms",
    ],
  ])("is refused for %s, and told why", (_, schema, given, advice) => {
    expect(() => parseGiven(schema, given)).toThrow(ShapeError);
    expect(() => parseGiven(schema, given)).toThrow(advice);
  });
});

describe("a body that is read from the topic", () => {
  it("may have members that a newer program has written", () => {
    const json = JSON.stringify({ senders: ["ACME"], enabled: false, tomorrow: true });
    expect(readBody("channel", json)).toEqual({
      senders: ["ACME"],
      enabled: false,
      smsFallback: true,
    });
  });

  it.each(["{", "5", "null", '{"senders":"ACME"}', ""])("is left out if it is %j", (json) => {
    expect(readBody("channel", json)).toBeUndefined();
  });
});
