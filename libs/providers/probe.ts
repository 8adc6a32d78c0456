// Asking a provider over HTTP whether a connection is good, without sending to anybody.
import { ERROR_TEXT_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { cutText } from "#libs/cut-text.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import { askHttp, type HttpEnd, type HttpRequest } from "./call-http.ts";
import type { Calling, ProbeResult } from "./provider.ts";

export type Probe = Omit<HttpRequest, "body"> & {
  /** What a good answer tells of the account; undefined for one that is none of this provider's. */
  read: (body: unknown) => string | undefined;
  /** The provider's own words for a refusal, where it has any. */
  refusal: (body: unknown) => string | undefined;
};

/** Asks once, by GET. */
export async function probeHttp(
  { agent, timeoutMs }: Calling,
  { read, refusal, ...request }: Probe,
): Promise<ProbeResult> {
  const call = { ...request, method: "GET" as const, body: "" };
  const end = await askHttp(agent, call, { timeoutMs });
  const isGood = end.type === "answered" && end.statusCode < 300;
  const known = isGood ? read(parseJson(end.text ?? "")) : undefined;
  if (known !== undefined) return { state: "works", words: known };
  return faultOfProbe(end, { origin: request.origin, refusal });
}

export type ProbeFault = { state: Exclude<ProbeResult["state"], "works">; words: string };

/** What an end that is no good answer says of the connection. */
export function faultOfProbe(
  end: HttpEnd,
  { origin = "The provider", refusal }: Pick<Probe, "refusal"> & { origin?: string | undefined },
): ProbeFault {
  if (end.type !== "answered") {
    const why = end.type === "late" ? "" : `: ${end.code}`;
    return { state: "unreachable", words: `${origin} does not answer${why}.` };
  }
  const body = parseJson(end.text ?? "");
  const own = cutText(refusal(body) ?? "", ERROR_TEXT_LENGTH_MAX).replace(/\.$/, "");
  const words = `The provider answered HTTP ${end.statusCode}${own ? `: ${own}` : ""}.`;
  return { state: REFUSALS.has(end.statusCode) ? "refused" : "unclear", words };
}

/** Who we are, or what we ask for, is not known there. 403 may be a key that may send and not ask. */
const REFUSALS: ReadonlySet<number> = new Set([400, 401, 404]);
