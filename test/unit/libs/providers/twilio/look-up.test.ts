import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findInList, listQuery } from "#libs/providers/twilio/look-up.ts";

const since = Date.parse("2026-11-29T12:00:00Z");
const service = `MG${"0".repeat(32)}`;
const sms = new URLSearchParams({ To: "+6599990000", From: "ACME", Body: "Hello" });
const ofService = new URLSearchParams({
  To: "+6599990000",
  MessagingServiceSid: service,
  Body: "Hello",
});

const ours = {
  sid: "SM1",
  direction: "outbound-api",
  to: "+6599990000",
  from: "ACME",
  messaging_service_sid: null as string | null,
  body: "Hello",
  date_created: "Sun, 29 Nov 2026 12:00:01 +0000",
  date_sent: null,
  num_segments: "1",
};

function look(messages: object[], more: { form?: URLSearchParams; next?: string } = {}) {
  const list = { messages, next_page_uri: more.next ?? null };
  return findInList(list, { form: more.form ?? sms, since, ownCount: 1 });
}

describe("the query", () => {
  it("names the person and the sender, or only the person where a service picks the sender", () => {
    expect(listQuery(sms)).toBe("To=%2B6599990000&From=ACME&PageSize=1000");
    expect(listQuery(ofService)).toBe("To=%2B6599990000&PageSize=1000");
  });

  it("is none for what a list cannot tell apart", () => {
    expect(listQuery(new URLSearchParams({ To: "+1", ContentSid: "HX1" }))).toBeUndefined();
    const media = { To: "+1", MediaUrl: "https://a.example/1.png", Body: "A caption" };
    expect(listQuery(new URLSearchParams(media))).toBeUndefined();
  });
});

describe("a message of the list", () => {
  it("is found where it alone has the person, the sender, the text and the time", () => {
    const found = { type: "found", providerMessageId: "SM1", segmentCount: 1 };
    expect(look([ours])).toEqual(found);
    const viaService = { ...ours, from: null, messaging_service_sid: service, num_segments: "0" };
    expect(look([viaService], { form: ofService })).toEqual(found);
    const rcs = new URLSearchParams({ To: "rcs:+6599990000", From: "rcs:acme", Body: "Hello" });
    const onRcs = { ...ours, to: "RCS:+6599990000", from: "rcs:acme" };
    expect(look([onRcs], { form: rcs })).toEqual(found);
  });

  it.each([
    { to: "+6599990001" },
    { from: "OTHER" },
    { body: "Hello " },
    { body: null },
    { direction: "inbound" },
    { date_created: "Sun, 29 Nov 2026 11:59:59 +0000" },
    { date_created: null },
  ])("is another one with %j", (other) => {
    expect(look([{ ...ours, ...other }])).toEqual({ type: "not-found" });
    expect(look([{ ...ours, ...other, sid: "SM2" }, ours])).toMatchObject({ type: "found" });
  });

  it("is not told from an equal one of the same time", () => {
    expect(look([ours, { ...ours, sid: "SM2" }])).toEqual({ type: "several" });
  });

  it("is not looked for in half a list, or in what is none", () => {
    expect(look([ours], { next: "/2010-04-01/page2" })).toEqual({ type: "no-answer" });
    for (const odd of [undefined, null, {}, { messages: [{}] }, "<html>"]) {
      expect(findInList(odd, { form: sms, since, ownCount: 1 })).toEqual({ type: "no-answer" });
    }
  });
});

const FOLDER = process.env["VENDOR_OPENAPI"] ?? "../shared/data/vendor-openapi";
const documented = readDocumented(`${FOLDER}/twilio/twilio_api_v2010.json`);

/** What Twilio published of its list; undefined, loudly, without it. */
function readDocumented(file: string) {
  try {
    const { get } = JSON.parse(readFileSync(file, "utf8")).paths[
      "/2010-04-01/Accounts/{AccountSid}/Messages.json"
    ];
    const { examples } = get.responses["200"].content["application/json"];
    const names: string[] = get.parameters.map(({ name }: { name: string }) => name);
    return { names, list: examples.readFullPage1.value };
  } catch (error) {
    if (Object(error).code !== "ENOENT") throw error;
    console.warn(`SKIPPED: ${file} is not there; VENDOR_OPENAPI names the folder that has it.`);
    return undefined;
  }
}

it.skipIf(!documented)("asks by members that Twilio documents, and reads Twilio's example", () => {
  const names = [...new URLSearchParams(listQuery(sms)).keys()];
  expect(names.filter((name) => !documented!.names.includes(name))).toEqual([]);
  const [example] = documented!.list.messages;
  const form = new URLSearchParams({ To: example.to, From: example.from, Body: example.body });
  const whole = { messages: [example], next_page_uri: null };
  const early = { form, since: 0, ownCount: 1 };
  expect(findInList(whole, early)).toMatchObject({ providerMessageId: example.sid });
});
