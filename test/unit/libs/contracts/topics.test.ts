import { expect, it } from "vitest";
import {
  channels,
  deadLetterTopic,
  defaultTopicSizes,
  dispatchTopic,
  topicDefinitions,
  topics,
} from "#libs/contracts/topics.ts";

const names = Object.values(topics).map(({ name }) => name);
const byName = new Map(topicDefinitions(defaultTopicSizes).map((each) => [each.name, each]));

it("has a dispatch topic for every channel", () => {
  expect(names).toEqual(expect.arrayContaining(channels.map(dispatchTopic)));
});

it("gives every topic a dead-letter topic of one partition", () => {
  expect([...byName.keys()].toSorted()).toEqual(
    names.flatMap((name) => [name, deadLetterTopic(name)]).toSorted(),
  );
  for (const name of names) expect(byName.get(deadLetterTopic(name))?.partitions).toBe(1);
});

it("splits the journal by shard, keeps settings whole, and splits the rest by key", () => {
  const sizes = { partitionCount: 48, shardCount: 32, replicationFactor: 3 };
  const partitions = Object.fromEntries(
    topicDefinitions(sizes).map((each) => [each.name, each.partitions]),
  );
  expect(partitions).toMatchObject({ "message-journal": 32, settings: 1, "send-requests": 48 });
});

it.each([
  [1, "1"],
  [2, "1"],
  [3, "2"],
])("lets one of %i replicas be missing, but never the last", (replicationFactor, minimum) => {
  for (const topic of topicDefinitions({ ...defaultTopicSizes, replicationFactor })) {
    expect(topic.replicationFactor).toBe(replicationFactor);
    expect(topic.config["min.insync.replicas"]).toBe(minimum);
  }
});

it("never names a topic with what Kafka's metrics cannot tell apart", () => {
  for (const name of byName.keys()) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
});
