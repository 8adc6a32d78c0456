// What a gateway's answer means, by the connection's rules.
import type { ErrorClass } from "#libs/contracts/generated/types.ts";
import { parseJsonExactly } from "#libs/json/parse-json.ts";
import type { ReadAnswer } from "../answer-of-end.ts";
import type { ProviderAnswer } from "../provider-adapter.ts";
import type { AnswerOptions, ErrorClasses, Rule } from "./answer-options.ts";
import { classNames } from "./answer-options.ts";
import { type Said, type Select, selecting } from "./select.ts";

type Own = { commandId: string; segmentCount: number | null };
type Given = { statusCode: number; said: Said };

/** Of a command: undefined for what no rule fits, where the status alone says what it can. */
export function readingAnswers(
  { rules, id, code, text }: AnswerOptions,
  classOf: ClassOf,
): (own: Own) => ReadAnswer {
  const tests = rules.map((rule) => ({ rule, fits: fitting(rule.when) }));
  const [findId, findCode, findText] = [id, code, text].map((each) => each && selecting(each));
  return (own) =>
    ({ statusCode, retryAfterMs }, whole) => {
      const said = { text: whole, body: parseJsonExactly(whole ?? "") };
      const rule = tests.find(({ fits }) => fits({ statusCode, said }))?.rule;
      if (rule === undefined) return undefined;
      if (rule.means === "accepted") return accepted(own, findId ? findId(said) : own.commandId);
      const words = findText?.(said) ?? `The gateway answered with HTTP ${statusCode}.`;
      if (rule.means === "unknown") return { type: "unknown", text: words };
      const told = { code: findCode?.(said) ?? `http-${statusCode}`, text: words };
      const errorClass = classOfRule(rule, classOf(told.code));
      if (errorClass === "TEMPORARY") return { type: "temporary", ...told, retryAfterMs };
      return { type: "refused", ...told, errorClass };
    };
}

export type ClassOf = (code: string) => ErrorClass | undefined;

/** The class of each code that a connection names. */
export function classesBy(classes: ErrorClasses = {}): ClassOf {
  const all = classNames.flatMap((name) =>
    (classes[name] ?? []).map((code): [string, ErrorClass] => [code, name]),
  );
  const byCode = new Map(all);
  return (code) => byCode.get(code);
}

function accepted({ segmentCount }: Own, providerMessageId: string | undefined): ProviderAnswer {
  if (providerMessageId) return { type: "accepted", providerMessageId, segmentCount };
  return { type: "unknown", text: "The gateway took it, and its answer has no id." };
}

/** What is temporary is so whatever its code; a refusal's own class goes before that of its code. */
function classOfRule({ means, errorClass }: Rule, byCode: ErrorClass | undefined): ErrorClass {
  return means === "temporary" ? "TEMPORARY" : (errorClass ?? byCode ?? "UNKNOWN");
}

/** Every member of `when` must fit. */
function fitting({ status, jsonPointer, regex }: Rule["when"]): (given: Given) => boolean {
  const looksAtBody = jsonPointer !== undefined || regex !== undefined;
  const select: Select | undefined = looksAtBody ? selecting({ jsonPointer, regex }) : undefined;
  return ({ statusCode, said }) =>
    (status === undefined || status.some((each) => isStatus(statusCode, each))) &&
    (select === undefined || select(said) !== undefined);
}

/** `404`, or `4xx` for all of its kind. */
function isStatus(statusCode: number, rule: string): boolean {
  return rule.endsWith("xx")
    ? rule.startsWith(`${statusCode}`.slice(0, 1))
    : rule === `${statusCode}`;
}
