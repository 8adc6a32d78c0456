// Whatever goes wrong while a request is served, in 8x8's words. Faults of ours say nothing about
// themselves: the log has them under the answer's errorId.
import type { FastifyRequest } from "fastify";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import { RetriableError } from "#libs/errors.ts";
import { type HttpFault, httpFault } from "#libs/http/http-fault.ts";
import { ShapeError } from "#libs/json/parse-given.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";

/** 8x8's list has no code for a body that is too large or unreadable but 1000. */
export function toRefusal(error: unknown, request: FastifyRequest): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof RetriableError) {
    return new Refusal(2000, "nothing was accepted, try again later.", 503);
  }
  if (error instanceof SettingRefusal || error instanceof ShapeError) {
    return new Refusal(1000, error.message);
  }
  const fault = httpFault(error, request);
  return fault ? refusalOf(fault) : new Refusal(2000);
}

export function refusalOf({ status, advice }: HttpFault): Refusal {
  return new Refusal(status === 404 ? 1300 : 1000, advice, status);
}
