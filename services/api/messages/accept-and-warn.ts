// Accepts requests for answers that have no room for warnings.
import type { FastifyRequest } from "fastify";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import type { Fault } from "#libs/judgement/fault.ts";
import { sameNumberFinder } from "#libs/judgement/same-number.ts";
import { traceHeaders } from "#libs/kafka/trace-context.ts";
import type { ApiDeps } from "../api-deps.ts";
import { type Warning, warn } from "../http/warnings.ts";

/** Throws what `accept` throws. Caps that are near are told in a header. */
export async function acceptAndWarn(
  requests: readonly SendRequest[],
  request: FastifyRequest,
  { accept }: Pick<ApiDeps, "accept">,
): Promise<void> {
  const near = await accept(requests, traceHeaders(request.headers));
  warn(request, near.map(capWarning));
}

/** Said of the day, so a repeat of the request hears of its own. */
export function capWarning({ path, words }: Fault): Warning & { code: "daily-cap-near" } {
  return { code: "daily-cap-near", path, detail: `${path || "The message"} ${words}.` };
}

/** Of one person in several messages of a batch. `places`: where each request stood in it, 0-based. */
export function sameNumbers(
  requests: readonly SendRequest[],
  places: readonly number[],
): Warning[] {
  const find = sameNumberFinder();
  return requests.flatMap(({ recipient }, index) => {
    const place = places[index] ?? index;
    const found = find(recipient, place);
    if (!found) return [];
    const path = `/messages/${place}`;
    return [{ code: found.code, path, detail: `${path} ${found.words}.` }];
  });
}
