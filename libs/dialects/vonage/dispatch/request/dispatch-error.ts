// A dispatch that is refused: the `Error` of definitions/dispatch.yml, whose only status is 400.
import { dottedPath } from "#libs/dialects/dotted-path.ts";
import { type InvalidParameter, VonageError } from "#libs/dialects/vonage/api-error.ts";
import type { ShapeFault } from "#libs/json/parse-given.ts";
import type { Fault } from "#libs/judgement/fault.ts";
import { parametersOf } from "./parameters-of-faults.ts";

const DETAIL = "Your request parameters did not validate.";

export function dispatchError(invalidParameters: readonly InvalidParameter[]): VonageError {
  return new VonageError("params", { status: 400, detail: DETAIL, invalidParameters });
}

/** Of a workflow that is good by itself, and does not fit into its account's day. */
export function errorOfCaps(faults: readonly Fault[]): VonageError {
  return dispatchError(parametersOf(faults, { items: [], request: { steps: [] } }));
}

/** Each member that is missing, or not known, is one of its own. */
export function toParameters(fault: ShapeFault): InvalidParameter[] {
  const { path, words, keyword, members = [] } = fault;
  const name = dottedPath(path);
  const reason = OF_MEMBERS.get(keyword);
  if (reason === undefined) return [{ name: name || "body", reason: words }];
  return members.map((member) => {
    return { name: name === "" ? member : `${name}.${member}`, reason };
  });
}

/** Of faults that are told of the object whose members they are about. */
const OF_MEMBERS: ReadonlyMap<string, string> = new Map([
  ["required", "is required"],
  ["additionalProperties", "is not known here"],
]);
