// What a caller should know of what was accepted all the same. A vendor's answer has no room for it: it
// stands in a header of ours, a JSON array, absent where there is nothing to say.
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Warning } from "#libs/dialects/told-warning.ts";

const WARNINGS_HEADER = "fallthrough-warnings";
/** A batch may have thousands, and clients take headers of 8 KiB or so, all of them together. */
const WARNING_COUNT_MAX = 20;
const HEADER_LENGTH_MAX = 6 * 1024;

declare module "fastify" {
  interface FastifyRequest {
    /** `null` until the first one. */
    warnings: readonly Warning[] | null;
  }
}

/** Tells it with the answer, if that is no refusal. */
export function warn(request: FastifyRequest, warnings: readonly Warning[]): void {
  request.warnings = [...(request.warnings ?? []), ...warnings];
}

/** For the whole server: the header of every answer. */
export function tellWarnings(server: FastifyInstance): void {
  // By no hook: a request that an earlier hook refuses is answered too.
  server.decorateRequest("warnings", null);
  server.addHook("onSend", async ({ warnings }, reply) => {
    if (!warnings?.length || reply.statusCode >= 300) return;
    reply.header(WARNINGS_HEADER, headerOf(warnings.slice(0, WARNING_COUNT_MAX)));
  });
}

/** As many of them, from the first, as a header has room for. */
function headerOf(warnings: readonly Warning[]): string {
  const header = asciiJson(warnings);
  return header.length <= HEADER_LENGTH_MAX ? header : headerOf(warnings.slice(0, -1));
}

/** JSON that a header can carry: whatever is no ASCII is escaped. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
