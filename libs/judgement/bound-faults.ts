// What no record of a request holds, told as the judge tells everything else. On Kafka it is found right
// after decoding; what a dialect has made of a body has to be held against the same bounds before it is taken.
import type { Fault as OutOfBounds } from "#libs/contracts/bound.ts";
import { unnamedRequest } from "#libs/contracts/bounds/requests.ts";
import { type Fault, fault, isFaultCode } from "./fault.ts";
import type { JudgedRequest } from "./requested-steps.ts";

const WORDS: Readonly<Record<OutOfBounds["code"], string>> = {
  missing: "is missing",
  malformed: "is malformed",
  "not-well-formed": "has half of a surrogate pair: it is no Unicode text",
  "too-long": "is too long",
  "too-many": "has too many items",
  "too-large": "is larger than 1 MiB",
  "out-of-range": "is out of its range",
  "not-an-instant": "is no instant",
};

/** One fault has a name of its own, which the decider uses too. */
export function boundFault({ code, path }: OutOfBounds) {
  const isSteps = code === "too-many" && path === "/steps";
  return { code: isSteps ? ("too-many-steps" as const) : code, path, words: WORDS[code] };
}

/** Faults of a request by its record's bounds. Changes the request itself where it has any. */
export function boundFaults(request: JudgedRequest): Fault[] {
  const found: OutOfBounds[] = [];
  unnamedRequest(request, found);
  return found
    .map(boundFault)
    .flatMap(({ code, path, words }) => (isFaultCode(code) ? fault(code, path, words) : []));
}
