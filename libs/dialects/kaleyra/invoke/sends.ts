// Each channel of a flow with what its send says.
import type { Content } from "#libs/contracts/generated/types.ts";
import { type ErrorCode, KaleyraError } from "#libs/dialects/kaleyra/api-error.ts";
import { type Choice, findTemplate, isFlowChannel } from "#libs/dialects/kaleyra/flows/choices.ts";
import { parseNumber } from "#libs/phone-numbers/parse-number.ts";
import type { Account, FlowSettingStep } from "#libs/settings/account.ts";
import type { InvokeBody, SendBody } from "./body.ts";
import { filledTemplate, paramFaults } from "./fill-template.ts";

/** A step, whom it reaches (E.164) and what it says. */
export type Way = { step: FlowSettingStep; number: string; content: Content };

type Sending = {
  step: FlowSettingStep;
  choice: Choice;
  send: SendBody;
  /** null where the recipient is no number. */
  number: string | null;
  path: string;
};

/** A step's send: `send1` is of the first. */
export function sendPath(index: number): string {
  return `/input/send${index + 1}`;
}

/** Throws KaleyraError: 409 for a step that has no template, 400 with all that is wrong with the sends. */
export function waysOf(
  { input }: InvokeBody,
  steps: readonly FlowSettingStep[],
  account: Account,
): Way[] {
  const choices = steps.map((step, index) => choiceOf(step, index, account));
  const sends = new Map(Object.entries(input).map(([name, send]) => [`/input/${name}`, send]));
  const missing = steps.map((_, index) => sendPath(index)).filter((path) => !sends.has(path));
  refuse("MISSING_REQUIRED_FIELD", missing, "is missing");
  const sendings = steps.flatMap((step, index): Sending[] => {
    const [path, choice] = [sendPath(index), choices[index]];
    const send = sends.get(path);
    sends.delete(path);
    if (!send || !choice) return [];
    return [{ step, choice, send, number: parseNumber(send.recipient, null), path }];
  });
  refuse("INVALID_REQUEST", [...sends.keys()], "is of no channel of the flow");
  const wrong = sendings.filter(({ number }) => number === null);
  refuse(
    "INVALID_NUMBER",
    wrong.map(({ path }) => `${path}/recipient`),
    "is no phone number",
  );
  refuse("INVALID_REQUEST", sendings.flatMap(faultyParams), "");
  return sendings.flatMap((sending) => toWay(sending, account));
}

function choiceOf({ channel, template }: FlowSettingStep, index: number, account: Account): Choice {
  const choice = isFlowChannel(channel) && findTemplate(channel, template, account);
  if (choice) return choice;
  const message = `Channel ${index + 1} of the flow has no approved template.`;
  throw new KaleyraError(409, "CONFLICT", message);
}

function faultyParams({ send, choice, path }: Sending): string[] {
  const faults = paramFaults(choice.preview, paramsOf(send));
  return faults.map((words) => `${path}/templateParams ${words}`);
}

function toWay({ step, choice, send, number }: Sending, account: Account): Way[] {
  const said = { channel: step.channel, template: choice.template };
  const content = filledTemplate(said, paramsOf(send), account);
  return number !== null && content ? [{ step, number, content }] : [];
}

function paramsOf({ templateParams = {} }: SendBody): ReadonlyMap<string, string> {
  return new Map(Object.entries(templateParams));
}

function refuse(code: ErrorCode, subjects: readonly string[], words: string): void {
  if (subjects.length === 0) return;
  const message = subjects.map((subject) => `${subject} ${words}`.trimEnd()).join("; ");
  throw new KaleyraError(400, code, `${message}.`);
}
