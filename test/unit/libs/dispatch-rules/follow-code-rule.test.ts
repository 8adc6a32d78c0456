import { expect, it } from "vitest";
import { codeOf, followCodeRule } from "#libs/dispatch-rules/follow-code-rule.ts";
import type { ProviderAnswer } from "#libs/providers/provider-adapter.ts";

const said = { code: "7", text: "No." };
const refused: ProviderAnswer = { type: "refused", ...said, errorClass: "PERMANENT" };
const temporary: ProviderAnswer = { type: "temporary", ...said, retryAfterMs: 5 };
const final: ProviderAnswer = { type: "refused", ...said, errorClass: "TEMPORARY" };
const forEver: ProviderAnswer = { ...refused, isFinal: true };
const others: ProviderAnswer[] = [
  { type: "accepted", providerMessageId: "p", segmentCount: null },
  { type: "unknown", text: "cut" },
  { type: "late" },
];

it.each([
  ["RETRY", refused, { type: "temporary", ...said }],
  ["RETRY", temporary, temporary],
  ["RETRY", forEver, forEver],
  ["NEXT", temporary, final],
  ["STOP", temporary, final],
  ["NEXT", refused, refused],
  ["STOP", refused, refused],
  [undefined, refused, refused],
  [undefined, temporary, temporary],
] as const)("by %s, %j is %j", (leadsTo, answer, expected) => {
  expect(followCodeRule(answer, leadsTo)).toEqual(expected);
});

it.each(others)("%j has no code, and is what it is by whatever rule", (answer) => {
  expect(codeOf(answer)).toBeNull();
  for (const leadsTo of ["NEXT", "STOP", "RETRY"] as const) {
    expect(followCodeRule(answer, leadsTo)).toBe(answer);
  }
});
