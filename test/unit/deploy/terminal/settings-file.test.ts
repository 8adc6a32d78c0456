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

it.each([
  ["no YAML", "account: [1\nb: 2", /^s.yaml:2:1: this is no YAML: /],
  ["a name twice", "account: { id: shop }\nflows: {}\nflows: {}", /^s.yaml:3:1: .*unique/],
  ["no account", "flows: {}", /^s.yaml:1:1: account.id must match /],
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
