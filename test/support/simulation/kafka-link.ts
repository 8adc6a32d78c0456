// The way to Kafka and back: a request is lost, or its answer, or it arrives when nobody waits any more.

import { KafkaError } from "./kafka/kafka-error.ts";
import type { KafkaRequest, Network } from "./kafka/network.ts";
import type { Moments } from "./moments.ts";
import type { Random } from "./random.ts";
import type { Process, Timeline } from "./timeline.ts";
import type { Trace } from "./trace.ts";

const LATENCY_MS_MAX = 2;
/** kafkajs gives a request up after so long. */
const REQUEST_TIMEOUT_MS = 10_000;

type Options = { timeline: Timeline; random: Random; trace: Trace; moments: Moments };

export class KafkaLink {
  /** How likely it is that a request or its answer is lost. */
  faultRate = 0;
  /** Until when no broker is there. */
  downUntil = 0;
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** A process' own way. */
  of(process: Process): Network {
    return (request, carryOut) => this.#send(request, carryOut, process);
  }

  #send<Answer>(
    request: KafkaRequest,
    carryOut: () => Answer | Promise<Answer>,
    process: Process,
  ): Promise<Answer> {
    const { timeline, random, trace, moments } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const latency = () => random.between(0.1, LATENCY_MS_MAX);
    const fault = random.isTrue(this.faultRate) ? random.pick(FAULTS[request] ?? LOSSES) : "none";
    const giveUp = (
      afterMs: number,
      name: "KafkaJSRequestTimeoutError" | "KafkaJSConnectionError",
    ) => {
      trace.note(
        () => `kafka ${request}: ${fault}, ${name} in ${Math.round(afterMs)} ms`,
        process.name,
      );
      timeline.after(afterMs, () => reject(new KafkaError(name)), process);
    };
    if (this.downUntil > timeline.now) {
      giveUp(random.between(50, 1_000), "KafkaJSConnectionError");
      return promise;
    }
    const arrive = async () => {
      try {
        const answer = await carryOut();
        // A broker that went away meanwhile answers nobody who waited there.
        if (this.downUntil > timeline.now) return giveUp(latency(), "KafkaJSConnectionError");
        if (request !== "fetch") trace.note(() => `kafka ${request} is carried out`, process.name);
        if (request === "produce") moments.note("publish", process);
        if (request === "commit") moments.note("commit", process);
        if (fault === "none") timeline.after(latency(), () => resolve(answer), process);
      } catch (error) {
        trace.note(() => `kafka ${request}: ${String(error)}`, process.name);
        if (fault === "none") timeline.after(latency(), () => reject(error), process);
      }
    };
    if (fault !== "none") {
      giveUp(random.pick([20, 300, REQUEST_TIMEOUT_MS]), "KafkaJSRequestTimeoutError");
    }
    if (fault === "lost") return promise;
    // TCP may bring it when its sender has long given up, or is dead.
    const lateMs = fault === "late" ? random.between(50, 15_000) : 0;
    timeline.after(latency() + lateMs, () => void arrive(), null);
    return promise;
  }
}

type Fault = "lost" | "unanswered" | "late";
const LOSSES: readonly Fault[] = ["lost", "unanswered"];
/** Of a consumer's requests none can overtake another: they go by one connection. */
const FAULTS: Partial<Record<KafkaRequest, readonly Fault[]>> = { produce: [...LOSSES, "late"] };
