// Templates are an account's own, parameters a caller's: what both together make is longer than either.
import { expect, it } from "vitest";
import { SEGMENT_COUNT_MAX } from "#libs/contracts/limits.ts";
import { filledTemplate, paramFaults } from "#libs/dialects/kaleyra/invoke/fill-template.ts";
import { growthOf, LINEAR_GROWTH_MAX } from "#test/support/growth.ts";
import { kaleyraAccount } from "#test/support/kaleyra-flows.ts";

const account = kaleyraAccount();

function fill(text: string, params: Readonly<Record<string, string>>) {
  const smsTemplates = new Map([["long", { text }]]);
  const said = { channel: "sms", template: "long" };
  return filledTemplate(said, new Map(Object.entries(params)), { ...account, smsTemplates })?.text;
}

it("fills each variable where it stands", () => {
  const params = { "1": "Ann", order: "$& {{1}}" };
  expect(fill("{{1}}, {{ order }}: {{none}}{{1}}.", params)).toBe("Ann, $& {{1}}: Ann.");
  expect(fill("no variable", params)).toBe("no variable");
});

it("shows of a text beyond every SMS that it is that", () => {
  const length = fill("{{a}}".repeat(7_000), { a: "x".repeat(35_000) })?.length;
  expect(length).toBeGreaterThan(SEGMENT_COUNT_MAX * 153);
  expect(length).toBeLessThan(100_000);
});

const names = (size: number) => Array.from({ length: size }, (_, index) => `v${index}`);
function fillLong(size: number) {
  const variables = names(size).map((name) => `{{${name}}}{{a}}`);
  const others = names(size).map((name): [string, string] => [`${name}-`, ""]);
  fill(variables.join(""), { a: "x".repeat(size * 10) });
  return paramFaults(variables.join(""), new Map(others));
}

it("takes time that grows as the text and its parameters do", async () => {
  expect(fillLong(1)).toEqual([
    'must have "v0"',
    'must have "a"',
    'has "v0-", which the template does not',
  ]);
  expect(await growthOf(fillLong, 2_000)).toBeLessThan(LINEAR_GROWTH_MAX);
});
