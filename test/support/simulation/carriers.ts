// The carriers and the receipt-bridge: what a call leads to is drawn for each command, and reports come
// when they want, twice, out of order, by the message's id or only by the carrier's.
import type { DispatchCommand, StatusReportInit } from "#libs/contracts/generated/types.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { type Channel, topics } from "#libs/contracts/topics.ts";
import { murmur2 } from "#libs/kafka/partitioner.ts";
import type { ProviderAdapter, ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import { simulatedProviderOf } from "#libs/providers/providers.ts";
import type { MemoryBroker } from "./kafka/memory-broker.ts";
import type { Moments } from "./moments.ts";
import type { Random } from "./random.ts";
import { type Process, type Timeline } from "./timeline.ts";
import type { Trace } from "./trace.ts";

/** `isTaken`: the carrier sends it, whether or not it could say so. */
export type Call = { commandId: string; isTaken: boolean };

type Options = {
  timeline: Timeline;
  random: Random;
  broker: MemoryBroker;
  contracts: Contracts;
  trace: Trace;
  moments: Moments;
};

export class Carriers {
  /** Every call that reached a carrier, in order. */
  readonly calls: Call[] = [];
  /** How many reports are still to come. */
  laterCount = 0;
  /** How likely it is that the answer to a call is lost. */
  faultRate = 0;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  adapter(channel: Channel, process: Process): ProviderAdapter {
    const { name: provider } = simulatedProviderOf(channel);
    return {
      provider,
      takesIdempotencyKeys: () => false,
      dispatch: (command, isInTime) => this.#dispatch(command, isInTime, { provider, process }),
      revoke: async () => ({ outcome: "TOO_LATE" }),
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  async #dispatch(
    command: DispatchCommand,
    isInTime: () => boolean,
    { provider, process }: { provider: string; process: Process },
  ): Promise<ProviderAnswer> {
    const { timeline, random, trace } = this.#options;
    if (!isInTime()) return { type: "late" };
    await timeline.sleep(random.between(1, 20), null);
    const { commandId } = command;
    const providerMessageId = `${commandId}/${this.calls.length}`;
    const fate = random.next();
    this.calls.push({ commandId, isTaken: fate >= 0.25 });
    this.#options.moments.note("call", process);
    trace.note(() => `is called for ${commandId} by ${process.name}`, "carrier");
    if (fate < 0.1) return this.#answer({ type: "temporary", code: "busy", text: "" }, process);
    if (fate < 0.25) {
      return this.#answer(
        { type: "refused", code: "no-user", errorClass: "PERMANENT", text: "" },
        process,
      );
    }
    this.#report(command, { provider, providerMessageId });
    if (random.isTrue(this.faultRate))
      return this.#answer({ type: "unknown", text: "lost" }, process);
    return this.#answer({ type: "accepted", providerMessageId, segmentCount: 1 }, process);
  }

  async #answer(answer: ProviderAnswer, process: Process): Promise<ProviderAnswer> {
    const { timeline, random } = this.#options;
    await timeline.sleep(random.between(1, 30), process);
    return answer;
  }

  #report(command: DispatchCommand, by: { provider: string; providerMessageId: string }): void {
    const { random } = this.#options;
    const last = random.pick(["DELIVERED", "DELIVERED", "FAILED", "READ", null] as const);
    if (random.isTrue(0.5)) this.#later(reportOf(command, "SENT", by), random.between(0, 500));
    if (last) this.#later(reportOf(command, last, by), random.between(0, 5_000));
  }

  #later(report: StatusReportInit, ms: number): void {
    const { timeline, random } = this.#options;
    const count = random.isTrue(0.2) ? 2 : 1;
    const isNamed = random.isTrue(0.5);
    const told = isNamed ? report : { ...report, messageId: null, attemptIndex: null };
    for (let time = 0; time < count; time++) {
      this.laterCount += 1;
      timeline.after(ms + random.between(0, 300) * time, () => this.#append(told), null);
    }
  }

  #append(report: StatusReportInit): void {
    const { broker, contracts, timeline, trace } = this.#options;
    this.laterCount -= 1;
    const at = Math.floor(timeline.now);
    const value = contracts.statusReport.encode({ ...report, occurredAt: at, receivedAt: at });
    const key = Buffer.from(report.messageId ?? report.providerMessageId ?? "");
    const topic = topics.statusReports.name;
    const partition = (murmur2(key) & 0x7fffffff) % broker.partitionCount(topic);
    broker.append(topic, partition, [{ key, value, headers: {} }]);
    trace.note(() => `reports ${report.status} of ${report.providerMessageId}`, "carrier");
  }
}

function reportOf(
  { messageId, attemptIndex, channel }: DispatchCommand,
  status: "SENT" | "DELIVERED" | "FAILED" | "READ",
  { provider, providerMessageId }: { provider: string; providerMessageId: string },
): StatusReportInit {
  return {
    reportId: `${providerMessageId}:${status}`,
    messageId,
    attemptIndex,
    provider,
    providerMessageId,
    channel,
    status,
    errorCode: status === "FAILED" ? "expired" : null,
    errorClass: status === "FAILED" ? "PERMANENT" : null,
    occurredAt: 0,
    receivedAt: 0,
  };
}
