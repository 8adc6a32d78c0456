// Fallback rules and policies of an account's settings in the words of Alibaba's console.
import { Type } from "typebox";
import { givenParser } from "#libs/json/parse-given.ts";
import { FallbackPolicyBody, FallbackRuleBody } from "#libs/settings/bodies/channel.ts";

const strict = { additionalProperties: false };

const rule = FallbackRuleBody.properties;
const Rule = Type.Object({ "Rule Name": rule.name, Type: rule.type, SendID: rule.sendId }, strict);
const policy = FallbackPolicyBody.properties;
const Policy = Type.Object({ "Policy Name": policy.name, "Rule Included": policy.rule }, strict);

const parseRule = givenParser(Rule);
const parsePolicy = givenParser(Policy);

/** Throws ShapeError. */
export function readRule(given: unknown): object {
  const { "Rule Name": name, Type: type, SendID: sendId } = parseRule(given);
  return { name, type, sendId };
}

/** Throws ShapeError. */
export function readPolicy(given: unknown): object {
  const { "Policy Name": name, "Rule Included": included } = parsePolicy(given);
  return { name, rule: included };
}
