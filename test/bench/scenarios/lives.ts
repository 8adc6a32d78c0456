// Whole lives: request, command, accepted, sent, read, outcome. What stands for the carriers has the servers' cores.
import { dispatchTopic, topics } from "#libs/contracts/topics.ts";
import type { Bench } from "../bench.ts";
import { LONG_WAIT_SECONDS, passOver, produceRequests } from "../bench-kafka.ts";
import type { Sample } from "../figures/results.ts";
import { startPlain } from "../peers/plain.ts";
import { startStreams } from "../peers/streams.ts";
import { startBenchProcess, startService } from "../processes.ts";
import { workOff } from "./backlog.ts";
import type { Scenario } from "./scenario.ts";
import { brokerOf } from "./take.ts";

export const lives: Scenario = {
  name: "lives",
  title: "whole lives: request, three reports, outcome",
  event: "message",
  systems: { ours, plain, "kafka-streams": streams },
};

async function ours(bench: Bench): Promise<Sample> {
  const { env, cores, watched } = bench;
  const requests = topics.sendRequests.name;
  const reports = topics.statusReports.name;
  await passOver(bench, {
    "send-request-consumer": requests,
    "status-report-consumer": reports,
  });
  const start = (name: string) => startService(name, { env, cores: cores?.measured });
  const [requestConsumer, reportConsumer, carriers] = await Promise.all([
    start("send-request-consumer"),
    start("status-report-consumer"),
    startCarriers(bench, { commands: dispatchTopic("whatsapp"), reports }),
  ]);
  return workOff(bench, {
    running: {
      "send-request-consumer": requestConsumer,
      "status-report-consumer": reportConsumer,
      carriers,
    },
    watched,
    fill: (count) => {
      return produceRequests(bench, { count, topic: requests, waitSeconds: LONG_WAIT_SECONDS });
    },
    written: { topic: topics.messageOutcomes.name, perMessage: 1 },
  });
}

async function plain(bench: Bench): Promise<Sample> {
  const { peerRedis } = bench;
  const { service, at } = await startPlain(bench);
  const commands = at.commandsOf("whatsapp");
  const sample = await workOff(bench, {
    running: {
      plain: service,
      carriers: await startCarriers(bench, { commands, reports: at.reports }),
    },
    watched: { ...brokerOf(bench), redis: peerRedis.pid },
    fill: (count) => {
      return produceRequests(bench, { count, topic: at.requests, waitSeconds: LONG_WAIT_SECONDS });
    },
    written: { topic: at.outcomes, perMessage: 1 },
  });
  await peerRedis.empty();
  return sample;
}

async function streams(bench: Bench): Promise<Sample | null> {
  if (bench.streams === null) return null;
  const { service, at } = await startStreams(bench, { classpath: bench.streams, profile: "usual" });
  const { requests: topic, reports, outcomes } = at;
  const commands = at.commandsOf("whatsapp");
  return workOff(bench, {
    running: { jvm: service, carriers: await startCarriers(bench, { commands, reports }) },
    watched: brokerOf(bench),
    fill: (count) => produceRequests(bench, { count, topic, waitSeconds: LONG_WAIT_SECONDS }),
    written: { topic: outcomes, perMessage: 1 },
  });
}

function startCarriers(bench: Bench, at: { commands: string; reports: string }) {
  const { kafkaBrokers, schemaRegistryUrl } = bench.infrastructure;
  const args = [kafkaBrokers.join(","), schemaRegistryUrl, at.commands, at.reports];
  return startBenchProcess("scenarios/carriers-process.ts", { args, cores: bench.cores?.servers });
}
