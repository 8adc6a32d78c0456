// Stands for dispatchers and carriers in one process, as fast as they could ever be: every command is answered with
// accepted, sent and read.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { connectContracts } from "#libs/contracts/registry.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { consume } from "#libs/kafka/consume.ts";
import type { IncomingRecord, Subscription } from "#libs/kafka/ports.ts";
import { createLog } from "#libs/telemetry/log.ts";

const [brokers = "", registryUrl = "", commandTopic = "", reportTopic = ""] = process.argv.slice(2);
const log = createLog("bench-carriers", "error");
const kafka = { brokers: brokers.split(","), log };
const { statusReport, dispatchCommand } = await connectContracts({ registryUrl });
const producer = await connectProducer(kafka);

/** What was asked for before it started is of another measurement, whose lives it must not count. */
const startedAt = Date.now();
const isNew = ({ value }: IncomingRecord<DispatchCommand>) => value.issuedAt >= startedAt;

const subscription: Subscription<DispatchCommand> = {
  topic: commandTopic,
  codec: dispatchCommand,
  handle: async (records) => producer.publish(records.filter(isNew).flatMap(reportsOf)),
};

const consumer = await consume({
  kafka,
  groupId: `bench-carriers-${commandTopic}`,
  subscriptions: [subscription],
  deadLetters: producer,
  log,
  onFatal: (error) => {
    throw error;
  },
});
process.send?.("ready");
process.once("SIGTERM", () => void consumer[Symbol.asyncDispose]());

function reportsOf({ value: command }: IncomingRecord<DispatchCommand>) {
  const { messageId, attemptIndex, channel, commandId } = command;
  return (["ACCEPTED", "SENT", "READ"] as const).map((status) => ({
    topic: reportTopic,
    key: messageId,
    value: statusReport.encode({
      reportId: `${commandId}:${status}`,
      messageId,
      attemptIndex,
      provider: `simulated-${channel}`,
      providerMessageId: commandId,
      channel,
      status,
      occurredAt: Date.now(),
      receivedAt: Date.now(),
    }),
  }));
}
