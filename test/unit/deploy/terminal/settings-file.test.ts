import { expect, it } from "vitest";
import { Fault } from "#deploy/terminal/faults.ts";
import type { FoundItem } from "#deploy/terminal/settings/collections.ts";
import { toFileText } from "#deploy/terminal/settings/export-settings.ts";
import { parseSettingsFile } from "#deploy/terminal/settings/parse-file.ts";

it("fills in the defaults that the API would", () => {
  const wanted = parse(`
    account: { id: shop, name: Shop }
    channels:
      sms: { senders: [SHOP] }
    flows:
      otp: { steps: [{ channel: sms }] }
  `);
  expect(wanted.account).toEqual({ name: "Shop", defaultWaitSeconds: 300, smsSegmentsMax: 1 });
  expect(wanted.items.get("channels")?.get("sms")).toMatchObject({ smsFallback: true });
  const step = { channel: "sms", wanted: "DELIVERED", onFailure: "NEXT" };
  expect(wanted.items.get("flows")?.get("otp")).toEqual({ steps: [step] });
});

it("leaves the account's own settings alone where only its id is given", () => {
  expect(parse("account: { id: shop }").account).toBeUndefined();
});

it("tells every fault with line, column, path and what was expected", () => {
  const text = `account:
  id: shop
flows:
  otp:
    steps:
      - channel: whatsap
        waitSeconds: 0
      - channel: sms
        sendr: SHOP
prices:
`;
  expect(faultOf(text).split("\n")).toEqual([
    "s.yaml:6:9: flows.otp.steps.0.channel must be one of whatsapp, viber, rcs, sms.",
    "s.yaml:7:9: flows.otp.steps.0.waitSeconds must be >= 1 or must be null.",
    "s.yaml:9:9: flows.otp.steps.1.sendr is unknown here.",
    "s.yaml:10:1: prices must map names to settings (`{}` for none).",
  ]);
});

it("takes flows, rules and policies in each vendor's words", () => {
  const { items } = parse(`
    account: { id: shop }
    fallback-rules:
      R_000001: { dialect: alibaba, Rule Name: By SMS, Type: SMS, SendID: SHOP }
    fallback-policies:
      S_000001: { dialect: alibaba, Policy Name: Always, Rule Included: R_000001 }
    flows:
      eight:
        dialect: 8x8
        channels:
          - { channel: WhatsApp, fallbackAfter: 60, successStatus: Read }
          - { channel: Viber, successStatus: Accepted }
          - { channel: SMS, channelId: SHOP }
      info:
        dialect: infobip
        channel: WHATSAPP
        options: { validityPeriod: { amount: 2 } }
        failover: [{ channel: SMS, sender: SHOP }]
      kal:
        dialect: kaleyra
        title: Orders
        firstChannel: { channel: whatsapp, from: SHOP, template: order.en, delay: 60 }
        secondChannel: { from: SHOP, template: order, delay: 90 }
      von:
        dialect: vonage
        channel: whatsapp
        ttl: 600
        failover: [{ channel: viber_service }, { channel: sms, from: SHOP, ttl: 60 }]
      dis:
        dialect: vonage-dispatch
        template: failover
        workflow:
          - from: { type: viber_service_msg, id: SHOP }
            failover: { expiry_time: 600, condition_status: read }
          - from: { type: sms, number: SHOP }
  `);
  const usual = { wanted: "DELIVERED", onFailure: "NEXT" };
  expect(Object.fromEntries(items.get("flows") ?? [])).toEqual({
    eight: {
      steps: [
        { channel: "whatsapp", waitSeconds: 60, wanted: "READ", onFailure: "NEXT" },
        { channel: "viber", waitSeconds: null, wanted: "ACCEPTED", onFailure: "NEXT" },
        { channel: "sms", sender: "SHOP", ...usual },
      ],
    },
    info: {
      steps: [
        { channel: "whatsapp", waitSeconds: 120, ttlSeconds: 120, ...usual },
        { channel: "sms", sender: "SHOP", ...usual },
      ],
    },
    kal: {
      name: "Orders",
      steps: [
        { channel: "whatsapp", sender: "SHOP", template: "order.en", waitSeconds: 60, ...usual },
        { channel: "sms", sender: "SHOP", template: "order", waitSeconds: 90, ...usual },
      ],
    },
    von: {
      steps: [
        { channel: "whatsapp", waitSeconds: 600, ttlSeconds: 600, ...usual },
        { channel: "viber", waitSeconds: null, ...usual },
        { channel: "sms", sender: "SHOP", ttlSeconds: 60, ...usual },
      ],
    },
    dis: {
      steps: [
        { channel: "viber", sender: "SHOP", waitSeconds: 600, wanted: "READ", onFailure: "NEXT" },
        { channel: "sms", sender: "SHOP", ...usual },
      ],
    },
  });
  const rule = { name: "By SMS", type: "SMS", sendId: "SHOP" };
  expect(items.get("fallback-rules")?.get("R_000001")).toEqual(rule);
  const policy = { name: "Always", rule: "R_000001" };
  expect(items.get("fallback-policies")?.get("S_000001")).toEqual(policy);
});

it("tells every fault in the vendor's own words, where it stands", () => {
  const text = `account: { id: shop }
fallback-rules:
  R_000001: { dialect: alibaba, Type: MMS, SendID: SHOP }
flows:
  eight:
    dialect: 8x8
    channels:
      - channel: Fax
        fallbackAfter: 5
      - { channel: SMS, success: Read }
  never:
    dialect: 8x8
    channels:
      - { channel: SMS, successStatus: Read }
  info:
    dialect: infobip
    channel: SMS
    failover: [{ channel: SMS }]
  kal:
    dialect: kaleyra
    title: Orders
    status: DRAFT
    firstChannel: { channel: sms, from: SHOP, template: order, delay: 4 }
    secondChannel: { channel: sms, from: SHOP, template: order, delay: 90 }
  ali:
    dialect: alibaba
`;
  const told = faultOf(text).split("\n");
  const places = told.map((line) => line.split(" ").slice(0, 2).join(" "));
  expect(places).toEqual([
    "s.yaml:3:3: fallback-rules.R_000001",
    "s.yaml:3:33: fallback-rules.R_000001.Type",
    "s.yaml:8:9: flows.eight.channels.0.channel",
    "s.yaml:9:9: flows.eight.channels.0.fallbackAfter",
    "s.yaml:10:9: flows.eight.channels.1",
    "s.yaml:14:25: flows.never.channels.0.successStatus",
    "s.yaml:18:5: flows.info.failover",
    "s.yaml:22:5: flows.kal.status",
    "s.yaml:23:64: flows.kal.firstChannel.delay",
    "s.yaml:26:5: flows.ali.dialect",
  ]);
  expect(told.at(-1)).toContain("must be 8x8, infobip, kaleyra, vonage, vonage-dispatch here");
});

it.each([
  ["no YAML", "account: [1\nb: 2", /^s.yaml:2:1: this is no YAML: /],
  ["a name twice", "account: { id: shop }\nflows: {}\nflows: {}", /^s.yaml:3:1: .*unique/],
  ["no account", "flows: {}", /^s.yaml:1:1: account.id is missing\.$/],
  ["a number for an id", "account: { id: 4711 }", /^s.yaml:1:12: account.id must match /],
  [
    "a misspelt account",
    "acount: { id: shop }",
    /^s.yaml:1:1: acount is unknown; there are account, .*\ns.yaml:1:1: account.id is missing\.$/,
  ],
  ["a list", "- account", /^s.yaml:1:1: the file must be a mapping/],
  ["nothing", "", /^s.yaml:1:1: the file must be a mapping/],
  [
    "an unknown part",
    "account: { id: shop }\nflow: {}",
    /^s.yaml:2:1: flow is unknown; there are /,
  ],
  [
    "a name with a slash",
    "account: { id: shop }\nflows:\n  a/b: {steps: [{channel: sms}]}",
    /:3:3: /,
  ],
])("refuses a file with %s where it stands", (_what, text, expected) => {
  expect(faultOf(text)).toMatch(expected);
});

it("reads limits, of which an account has one, as they are exported", () => {
  const wanted = parse(`
    account: { id: shop }
    limits: { countries: { allowed: [SG] }, daily: { messages: 100 } }
  `);
  const body = wanted.items.get("limits")?.get("limits") ?? {};
  const daily = { messages: 100 };
  expect(body).toMatchObject({ countries: { allowed: ["SG"] }, senders: {}, daily });
  const found = new Map([["limits", { body, revision: 1 }]]);
  const text = toFileText("shop", { items: new Map([["limits", found]]) });
  expect(parse(text).items.get("limits")?.get("limits")).toEqual(body);
  expect(toFileText("shop", { items: new Map([["limits", new Map()]]) })).not.toContain("limits");
  const wrong = "account: { id: shop }\nlimits:\n  daily: { messages: -1 }\n";
  expect(faultOf(wrong)).toContain("limits.daily.messages must be >= 0");
});

it("reads an exported file as what was exported", () => {
  const flow = { steps: [{ channel: "sms", wanted: "DELIVERED", onFailure: "NEXT" }] };
  const account = { name: "Shop", defaultWaitSeconds: 60, smsSegmentsMax: 2, defaultFlow: "otp" };
  const drafted = { body: { name: "Not yet" }, revision: 3, isDraft: true } as const;
  const flows = new Map<string, FoundItem>([
    ["otp", { body: flow, revision: 2 }],
    ["later", drafted],
  ]);
  const found = {
    account: { body: account, revision: 1 },
    items: new Map([["flows", flows]] as const),
  };
  const wanted = parse(toFileText("shop", found));
  expect(wanted).toEqual({
    accountId: "shop",
    account,
    items: new Map([["flows", new Map([["otp", flow]])]]),
  });
});

function parse(text: string) {
  return parseSettingsFile(text, "s.yaml");
}

function faultOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
  throw new Error("The file was taken.");
}
