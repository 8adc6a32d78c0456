import { readdirSync, readFileSync } from "node:fs";
import { AvroSchemaParser } from "@asyncapi/avro-schema-parser";
import { type AsyncAPIDocumentInterface, fromFile, Parser } from "@asyncapi/parser";
import { beforeAll, expect, it } from "vitest";
import { broker } from "#deploy/infrastructure/broker.ts";
import { registry } from "#deploy/infrastructure/registry.ts";
import { defaultTopicSizes, topicDefinitions, topics } from "#libs/contracts/topics.ts";
import { headerNames } from "#libs/kafka/headers.ts";

const FILE = "schemas/asyncapi.yaml";
let document: AsyncAPIDocumentInterface;
let diagnostics: unknown[];

beforeAll(async () => {
  const parser = new Parser({ schemaParsers: [AvroSchemaParser()] });
  const parsed = await fromFile(parser, FILE).parse();
  diagnostics = parsed.diagnostics;
  if (!parsed.document) throw new Error(`${FILE} is not an AsyncAPI document.`);
  document = parsed.document;
});

it("is an AsyncAPI document that nothing can be said against", () => {
  expect(diagnostics).toEqual([]);
});

it("names the addresses at which `npm start` serves", () => {
  const [server] = document.servers().all();
  const { schemaRegistryUrl } = server?.bindings().get("kafka")?.value() ?? {};
  expect(server?.host()).toBe(`127.0.0.1:${broker.defaultPort}`);
  expect(new URL(schemaRegistryUrl).port).toBe(String(registry.defaultPort));
});

/** What the page says of each topic, as `topicDefinitions` says it. */
function describedTopics() {
  return document
    .channels()
    .all()
    .flatMap((channel) => {
      const { partitions, topicConfiguration } = channel.bindings().get("kafka")?.value() ?? {};
      const config = Object.fromEntries(
        Object.entries(topicConfiguration).map(([key, value]) => [key, String(value)]),
      );
      const sources: string[] = channel.parameters().get("topic")?.json().enum ?? [""];
      const address = channel.address() ?? "";
      return sources.map((topic) => ({
        name: address.replace("{topic}", topic),
        partitions,
        config,
      }));
    });
}

it("describes the topics that are created, with their partitions and retention", () => {
  const created = topicDefinitions(defaultTopicSizes).map(({ name, partitions, config }) => {
    // One depends on the replicas of a deployment, and the specification has no word for the other.
    const { "min.insync.replicas": _, "message.timestamp.type": __, ...described } = config;
    return { name, partitions, config: described };
  });
  expect(byName(describedTopics())).toEqual(byName(created));
});

it("gives each topic the record that its schema file defines", () => {
  const described = document
    .channels()
    .all()
    .flatMap((channel) =>
      channel
        .messages()
        .all()
        .map((message) => [channel.address(), message.name()]),
    );
  for (const { name, schema } of Object.values(topics)) {
    const record = JSON.parse(readFileSync(`schemas/${schema}.avsc`, "utf8")).name;
    expect(described).toContainEqual([name, record]);
  }
});

it("refers to every schema file", () => {
  const text = readFileSync(FILE, "utf8");
  const files = readdirSync("schemas").filter((file) => file.endsWith(".avsc"));
  for (const file of files) expect(text).toContain(`$ref: ${file} }`);
});

it("names the headers that records carry", () => {
  const headers = document
    .messages()
    .all()
    .flatMap((message) => Object.keys(message.headers()?.properties() ?? {}));
  expect(new Set(headers)).toEqual(new Set(Object.values(headerNames)));
});

it("says of every channel what Fallthrough does with it", () => {
  const silent = document.channels().filter((channel) => channel.operations().isEmpty());
  expect(silent.map((channel) => channel.id())).toEqual([]);
});

function byName<T extends { name: string }>(list: readonly T[]): Map<string, T> {
  return new Map(list.map((each) => [each.name, each]));
}
