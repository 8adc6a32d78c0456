import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { RetriableError } from "#libs/errors.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import type { CallGate } from "./call-gate.ts";
import { dispatchCommand } from "./dispatch-command.ts";
import type { DispatchDeps } from "./dispatch-deps.ts";

/**
 * Handles a batch of commands, as many at a time as the gate lets in. Resolves once each of them is
 * reported or safe in the retry queue. After a fault no further one is begun; those in flight end.
 */
export async function handleCommands(
  records: readonly IncomingRecord<DispatchCommand>[],
  deps: DispatchDeps & { gate: CallGate },
): Promise<void> {
  let hasFailed = false;
  const handleOne = async ({ value: command, headers }: IncomingRecord<DispatchCommand>) => {
    if (hasFailed) return;
    try {
      const traceparent = headers[headerNames.traceparent];
      await dispatchCommand({ command, traceparent, source: "topic" }, deps);
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  };
  const results = await Promise.allSettled(records.map((r) => deps.gate(() => handleOne(r))));
  const faults = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (faults.length === 0) return;
  // A bug must end the process, even beside faults that may pass.
  throw faults.find((fault) => !(fault instanceof RetriableError)) ?? faults[0];
}
