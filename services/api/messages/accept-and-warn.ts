// Accepts messages for answers that have no room for warnings. Whoever sends by a vendor's dialect goes
// through here with what its judgement said, so that no dialect can forget to tell it.
import type { FastifyRequest } from "fastify";
import type { ReadSend } from "#libs/dialects/dialect.ts";
import type { Warning } from "#libs/dialects/told-warning.ts";
import type { Fault } from "#libs/judgement/fault.ts";
import { sameNumberFinder } from "#libs/judgement/same-number.ts";
import { traceHeaders } from "#libs/kafka/trace-context.ts";
import type { ApiDeps } from "../api-deps.ts";
import { warn } from "../http/warnings.ts";

type AcceptDeps = Pick<ApiDeps, "accept">;
/** A message of a batch that is taken. `place`: where in the batch it stands, 0-based. */
export type PlacedSend = ReadSend & { place: number };

/** Throws what `accept` throws. What the sender should know is told in a header. */
export async function acceptAndWarn(
  sent: ReadSend,
  request: FastifyRequest,
  { accept }: AcceptDeps,
): Promise<void> {
  const near = await accept([sent.request], traceHeaders(request.headers));
  warn(request, [...near.map(capWarning), ...sent.warnings]);
}

/**
 * Those of a batch that are taken, maybe none. Throws what `accept` throws. A warning names the message
 * that it is about by its place; one that reads the same of several is told of the first.
 */
export async function acceptBatchAndWarn(
  sent: readonly PlacedSend[],
  request: FastifyRequest,
  { accept }: AcceptDeps,
): Promise<void> {
  if (sent.length === 0) return;
  const requests = sent.map((each) => each.request);
  const near = await accept(requests, traceHeaders(request.headers));
  warn(request, [...near.map(capWarning), ...sameNumbers(sent), ...judgedWarnings(sent)]);
}

/** Said of the day, so a repeat of the request hears of its own. */
export function capWarning({ path, words }: Fault): Warning & { code: "daily-cap-near" } {
  return { code: "daily-cap-near", path, detail: `${path || "The message"} ${words}.` };
}

/** Of one person in several messages. */
function sameNumbers(sent: readonly PlacedSend[]): Warning[] {
  const find = sameNumberFinder();
  return sent.flatMap(({ request: { recipient }, place }) => {
    const found = find(recipient, place);
    if (!found) return [];
    const path = placeOf(place);
    return [{ code: found.code, path, detail: `${path} ${found.words}.` }];
  });
}

/** What the judge said of each: thousands have one template, and the header has room for few. */
function judgedWarnings(sent: readonly PlacedSend[]): Warning[] {
  const told = new Map<string, Warning & { others: number }>();
  for (const { warnings, place } of sent) {
    for (const { code, detail } of warnings) {
      const key = `${code} ${detail}`;
      const first = told.get(key);
      told.set(key, first ? { ...first, others: first.others + 1 } : atPlace(place, code, detail));
    }
  }
  return Array.from(told.values(), ({ others, ...warning }) => {
    if (others === 0) return warning;
    return { ...warning, detail: `${warning.detail} So it is with ${others} more of the batch.` };
  });
}

function atPlace(place: number, code: string, detail: string) {
  return { code, path: placeOf(place), detail, others: 0 };
}

function placeOf(place: number): string {
  return `/messages/${place}`;
}
