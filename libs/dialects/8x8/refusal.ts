// A request that 8x8's rules refuse, and the body that says so.
import { randomUUID } from "node:crypto";
import { type ErrorCode, errorCodes } from "./error-codes.ts";

/** Carries 8x8's code; `message` is 8x8's meaning of it and what the caller should mend. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly code: ErrorCode;
  readonly status: number;

  constructor(code: ErrorCode, advice?: string, status: number = errorCodes[code].status) {
    super(advice ? `${errorCodes[code].message}: ${advice}` : errorCodes[code].message);
    this.code = code;
    this.status = status;
  }
}

/** 8x8's error body. `errorId` is what the log knows the error by. */
export type ErrorBody = { code: ErrorCode; message: string; errorId: string; timestamp: string };

export function errorBody({ code, message }: Refusal): ErrorBody {
  return { code, message, errorId: randomUUID(), timestamp: new Date().toISOString() };
}
