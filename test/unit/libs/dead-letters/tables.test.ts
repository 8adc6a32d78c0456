// What is said of every dead letter is said of each stage, topic and field that there is.
import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { letterSources, placeOfLetter, toLetter } from "#libs/dead-letters/letter.ts";
import { replaysOf, whyNeverReplayed } from "#libs/dead-letters/replays.ts";
import { maskMembers, maskNumbers } from "#libs/dead-letters/show-value.ts";
import { shownMembers, wordedMembers } from "#libs/dead-letters/shown-members.ts";
import { isStage, stageAdvice } from "#libs/dead-letters/stages.ts";
import { rawLetter } from "#test/support/raw-letter.ts";

it("advises on every stage that the code names", () => {
  const code = globSync("{libs,services}/**/*.ts").map((path) => readFileSync(path, "utf8"));
  const named = code.flatMap((text) =>
    [...text.matchAll(/(?:inStage\(|stage: |failure\(|StageError\(|deadStage\]: )"(\w+)"/g)].map(
      ([, stage = ""]) => stage,
    ),
  );
  expect(new Set(named).size).toBeGreaterThan(6);
  expect(named.filter((stage) => !isStage(stage))).toEqual([]);
});

it.each(Object.entries(stageAdvice))("says of %s what to do, in whole sentences", (_, advice) => {
  expect(advice).toMatch(/^[A-Z].*\.$/);
  expect(advice).toMatch(/replay|drop|anew/i);
});

it("says of every topic what a replay leads to", () => {
  expect(Object.keys(replaysOf).toSorted()).toEqual([...letterSources].toSorted());
  for (const { effect } of Object.values(replaysOf)) expect(effect).toMatch(/^[A-Z].*\.$/);
});

type Given = Parameters<typeof rawLetter>[0] & { topic?: string };

it.each<[string, Given, RegExp]>([
  ["a record as it came", {}, /^It can\.$/],
  ["one whose bytes were not kept", { value: null }, /not kept/],
  ["a whole batch", { headers: { "ft-dlt-last-offset": "9" } }, /batch/],
  ["a carrier's post", { headers: { "ft-dlt-stage": "receipt" } }, /no record/],
  ["an entry of the timers", { headers: { "ft-dlt-stage": "timer" } }, /no record/],
  ["one that says neither stage nor place", { bare: true }, /no record/],
  ["one of the journal", { topic: "message-journal" }, /takes no replays/],
  ["an outcome", { topic: "message-outcomes" }, /takes no replays/],
])("knows whether %s can be put back", (_, { topic = "status-reports", ...more }, expected) => {
  const why = whyNeverReplayed(toLetter(rawLetter(more), topic));
  expect(why ?? "It can.").toMatch(expected);
});

it("reads ids of letters, and nothing else", () => {
  expect(placeOfLetter("status-reports-dlt.0.17")).toEqual({ topic: "status-reports", offset: 17 });
  for (const id of ["status-reports.0.17", "nobody-dlt.0.1", "settings-dlt.1.1", "", "-dlt.0.1"]) {
    expect(placeOfLetter(id)).toBeUndefined();
  }
});

/** Fields of which only the length is shown, or a masked number: they name or quote a person. */
const HIDDEN = [
  "msisdn",
  "channelUserIds",
  "text",
  "richJson",
  "fallbackText",
  "callbackUrl",
  "body",
];

it("decides of every text in the contracts whether it is shown", () => {
  const members = new Set(globSync("schemas/*.avsc").flatMap((path) => textsOf(parse(path), "")));
  const decided = [...shownMembers, ...wordedMembers, ...HIDDEN];
  expect([...members].filter((member) => !decided.includes(member))).toEqual([]);
  expect(HIDDEN.filter((member) => shownMembers.has(member))).toEqual([]);
});

it("masks whom a record is about, and what was said", () => {
  const recipient = { msisdn: "+6591234567", channelUserIds: { viber: "01234567890A=" } };
  const shown = maskMembers({
    messageId: "m1",
    recipient,
    content: { text: "Your code is 1234" },
    errorText: "No route to +6591234567.",
    request: Buffer.alloc(7),
  });
  expect(shown).toEqual({
    messageId: "m1",
    recipient: { msisdn: "+65*****567", channelUserIds: { viber: "(13 characters)" } },
    content: { text: "(17 characters)" },
    errorText: "No route to +65*****567.",
    request: "(7 bytes)",
  });
  expect(maskNumbers("0197a7c2-1d3e-7a41-9c55-3f1b2a4c5d6e")).not.toContain("*");
});

function parse(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** The members that hold text somewhere below: enums too, for they are texts as JSON. */
function textsOf(type: unknown, member: string): string[] {
  if (Array.isArray(type)) return type.flatMap((each) => textsOf(each, member));
  if (typeof type === "string") return type === "string" ? [member] : [];
  const { type: inner, fields = [], items, values } = Object(type);
  if (inner === "enum") return [member];
  if (inner === "record") {
    return fields.flatMap((field: { name: string; type: unknown }) =>
      textsOf(field.type, field.name),
    );
  }
  return textsOf(items ?? values ?? inner, member);
}
