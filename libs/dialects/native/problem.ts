// Errors of the native API: RFC 9457, with a code that a program can tell apart.
import { SendRefused } from "#libs/dialects/send-refused.ts";
import { ShapeError } from "#libs/json/parse-given.ts";
import { type FaultCode, faultCodes } from "#libs/judgement/fault.ts";
import { shapeFaults } from "#libs/judgement/shape-faults.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";

/** Codes beside those of a request's faults, with their usual status. */
const others = {
  "vendor-refusal": { status: 422, title: "The vendor's client would be refused" },
  "bad-request": { status: 400, title: "The request cannot be read" },
  "revision-missing": { status: 428, title: "It must be said which version is meant" },
  "revision-mismatch": { status: 412, title: "Another version is there than was said" },
  "unknown-reference": { status: 422, title: "The setting names what is not there" },
  "duplicate-client-message-id": { status: 422, title: "The batch has that client id twice" },
  "idempotency-key-reused": { status: 422, title: "The key came with another request before" },
  ended: { status: 409, title: "The message has ended" },
  "too-many": { status: 409, title: "There are too many of them" },
  "in-use": { status: 409, title: "Others need the setting as it is" },
  forbidden: { status: 403, title: "The API key may not do this" },
  unauthorized: { status: 401, title: "The API key is missing or unknown" },
  "too-many-requests": { status: 429, title: "The key, or the address, has asked too often" },
  "not-found": { status: 404, title: "There is no such thing" },
  "internal-error": { status: 500, title: "Something is wrong on our side" },
  unavailable: { status: 503, title: "A part of the system is away" },
} as const;

export const PROBLEM_TYPE = "application/problem+json";

export type ProblemCode = FaultCode | keyof typeof others;
export const problemCodes = Object.keys({ ...faultCodes, ...others });

/** What a code stands for, with its usual status. */
export function problemKind(code: ProblemCode): { status: number; title: string } {
  return isOther(code) ? others[code] : { status: 422, title: faultCodes[code].title };
}

function isOther(code: ProblemCode): code is keyof typeof others {
  return Object.hasOwn(others, code);
}

type ProblemMore = {
  status?: number;
  usedBy?: readonly string[];
  faults?: readonly ProblemFault[];
  vendorAnswer?: VendorAnswer;
};
/** What a client would be answered in its own dialect. */
export type VendorAnswer = { status: number; body: object };
/** One of several things that are wrong with a body. */
export type ProblemFault = { code: FaultCode; path: string; detail: string };

/** Ends a request with a problem. `detail` says what the caller should do. */
export class Problem extends Error {
  override name = "Problem";
  readonly code: ProblemCode;
  readonly status: number;
  /** Settings that stand against it. */
  readonly usedBy: readonly string[];
  /** All that is wrong with the body. */
  readonly faults: readonly ProblemFault[];
  /** Of a rehearsed request in another dialect. */
  readonly vendorAnswer: VendorAnswer | undefined;

  constructor(code: ProblemCode, detail: string, more: ProblemMore = {}) {
    super(detail);
    this.code = code;
    this.status = more.status ?? problemKind(code).status;
    this.usedBy = more.usedBy ?? [];
    this.faults = more.faults ?? [];
    this.vendorAnswer = more.vendorAnswer;
  }
}

/** What is answered. */
export function problemBody(problem: Problem) {
  const { code, status, message: detail, usedBy, faults, vendorAnswer } = problem;
  const { title } = problemKind(code);
  const type = `urn:fallthrough:problem:${code}`;
  return {
    type,
    title,
    status,
    detail,
    code,
    ...(usedBy.length > 0 && { usedBy }),
    ...(faults.length > 0 && { faults }),
    ...(vendorAnswer && { vendorAnswer }),
  };
}

/** What the request is refused for; undefined for what is not the request's fault. */
export function refusedAs(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof ShapeError) return new Problem("invalid", error.message, told(error));
  if (error instanceof SendRefused) return ofVendor(error);
  if (!(error instanceof SettingRefusal)) return undefined;
  return new Problem(error.code, error.message, { usedBy: error.usedBy });
}

function ofVendor({ message, status, body }: SendRefused): Problem {
  return new Problem("vendor-refusal", message, { vendorAnswer: { status, body } });
}

function told(error: ShapeError): ProblemMore {
  return {
    faults: shapeFaults(error).map(({ code, path, words }) => ({ code, path, detail: words })),
  };
}
