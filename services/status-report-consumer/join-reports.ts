// Which attempts reports are about, by what they name and by what the dispatcher has linked.
import type { Codec } from "#libs/contracts/codec.ts";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import type { MessageInput } from "#libs/message-flow/message-input.ts";
import type { ProviderId } from "#libs/provider-ids/keys.ts";
import type {
  Dropped,
  EarlyReport,
  ProviderIds,
  Verdict,
} from "#libs/provider-ids/provider-ids.ts";
import { findProvider } from "#libs/providers/providers.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { joinedInput } from "./joined-input.ts";
import { earlyCounter } from "./metrics.ts";

export type Joining = Flow & { providerIds: ProviderIds; log: Log };

/** `bytes` as they came are what waits where the attempt is not known yet; null: it is only looked up. */
export type Received = { report: StatusReport; bytes: Buffer | null };

/** A usual report has 300. */
const WAITS_AS_IT_CAME_BYTES_MAX = 4_096;

/** `told`: ids whose attempt has had a word of its dispatcher's, so that what waits for them can be joined. */
export type Joined = { inputs: MessageInput[]; told: ProviderId[] };

/** The inputs of reports whose message is known, in their order; the others wait. */
export async function joinReports(
  received: readonly Received[],
  { providerIds, contracts, log }: Joining,
): Promise<Joined> {
  const early = received.flatMap((each) => toEarly(each, contracts.statusReport));
  const { joined, dropped } = await providerIds.joinAll(early);
  tellDropped(dropped, "no-room", log);
  for (const { verdict } of joined) {
    if (verdict === "waits") earlyCounter.inc({ result: "parked" });
    if (verdict === "full") earlyCounter.inc({ result: "dropped" });
  }
  const verdicts = new Map(joined.map(({ report: { source }, verdict }) => [source, verdict]));
  const all = received.map(({ report }) => [report, verdicts.get(report) ?? "unknown"] as const);
  return {
    inputs: all.flatMap(([report, verdict]) => joinedInput(report, verdict)),
    told: all.flatMap(([report, verdict]) => toldIds(report, verdict)),
  };
}

/**
 * The first word on an attempt, or that its answer was lost: the dispatcher has linked its ids before. Whoever else
 * says the same of an id that nobody has linked must not end the waiting for it.
 */
function toldIds(report: StatusReport, verdict: Verdict): ProviderId[] {
  const { status, messageId, attemptIndex, provider, providerMessageId } = report;
  const isWord = status === "ACCEPTED" || status === "UNKNOWN";
  if (!isWord || messageId === null || attemptIndex === null) return [];
  if (typeof verdict === "string" || providerMessageId === null) return [];
  const ids = new Set([providerMessageId, ...verdict.providerMessageIds]);
  return [...ids].map((id) => ({ provider, providerMessageId: id }));
}

/** The same id may be spelt in several ways, which only its provider knows. */
export function withNormalIds(report: StatusReport): StatusReport {
  const provider = findProvider(report.provider);
  if (!provider) return report;
  const { providerMessageId: id, providerMessageIds: ids } = report;
  return {
    ...report,
    providerMessageId: id === null ? null : provider.normalId(id),
    providerMessageIds: ids.map((each) => provider.normalId(each)),
  };
}

/** They still lie on the topic, for as long as it is retained. */
export function tellDropped(gone: readonly Dropped[], because: string, log: Log): void {
  const [first] = gone;
  if (!first) return;
  earlyCounter.inc({ result: because }, gone.length);
  const what = { because, count: gone.length, first: first.name };
  log.warn(what, "reports of unknown ids are dropped");
}

/** A large record is written anew: it may be of any length more than what was read of it. */
function toEarly(
  { report: source, bytes }: Received,
  codec: Pick<Codec<StatusReport>, "encode">,
): (EarlyReport & { source: StatusReport }) | [] {
  const { provider, providerMessageId, reportId, messageId, attemptIndex } = source;
  if (!providerMessageId) return [];
  // One that names its attempt need not wait: its id is looked up to see that it is that attempt's.
  const isNamed = messageId !== null && attemptIndex !== null;
  const early = { source, provider, providerMessageId, reportId };
  if (isNamed || bytes === null) return { ...early, bytes: null };
  const isUsual = bytes.length <= WAITS_AS_IT_CAME_BYTES_MAX;
  return { ...early, bytes: isUsual ? bytes : codec.encode(source) };
}
