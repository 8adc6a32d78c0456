// Every topic that somebody reads, as a target of the fuzz tier.
import { SchemaRegistry } from "@kafkajs/confluent-schema-registry";
import { compileSchema } from "#libs/contracts/avro-type.ts";
import { readSchema } from "#libs/contracts/schemas.ts";
import {
  channels,
  deadLetterTopic,
  dispatchTopic,
  subjectOf,
  topics,
} from "#libs/contracts/topics.ts";
import { letterSources } from "#libs/dead-letters/letter.ts";
import type { Product } from "#test/support/product.ts";
import { connectOddSender } from "./feed-topic.ts";
import { type LevelCounts, levelCounts } from "./levels.ts";
import { type OddRecord, oddRecords } from "./odd-records.ts";
import { registerOthers } from "./other-schemas.ts";
import type { FuzzTarget } from "./rounds.ts";
import { wideType } from "./wide-schema.ts";

export type TopicTarget = FuzzTarget<OddRecord> & {
  /** How many records at each level the broker took, and how many it refused by itself. */
  taken: LevelCounts;
  refused: LevelCounts;
};

/** Every topic: outcomes are read after a loss of Redis, and dead letters by the api, which shows them as what they were. */
const read = Object.values(topics).flatMap((of) => [
  { name: of.name, of },
  ...(letterSources.includes(of.name) ? [{ name: deadLetterTopic(of.name), of }] : []),
]);

/** Those whose name has `only`. `opened` takes their connections. */
export async function topicTargets(
  { places }: Product,
  only: string,
  opened: AsyncDisposableStack,
): Promise<TopicTarget[]> {
  const registry = new SchemaRegistry({ host: places.registryUrl });
  const targets: TopicTarget[] = [];
  for (const { name, of } of read.filter((topic) => topic.name.includes(only))) {
    const { schema } = of;
    const text = readSchema(schema);
    const kind = {
      schema,
      given: givenOn(of.name),
      type: compileSchema(text),
      wide: wideType(text),
      schemaId: await registry.getLatestSchemaId(subjectOf(of.name)),
      others: await registerOthers(places.registryUrl, text),
    };
    const sender = opened.use(await connectOddSender(places.brokers, name));
    const taken = levelCounts();
    const refused = levelCounts();
    targets.push({
      name,
      taken,
      refused,
      inputs: (round) => oddRecords(kind, round).filter(isHarmless(schema)),
      async feed(records) {
        const took = new Set(await sender.send(records));
        for (const record of records) (took.has(record) ? taken : refused).add(record.labels);
      },
    });
  }
  return targets;
}

/** Who writes settings may take from the account of the good messages what those need. */
function isHarmless(schema: string): (record: OddRecord) => boolean {
  return ({ key, value }) => {
    return schema !== "setting" || ![key, value].some((each) => each?.includes("demo"));
  };
}

/** A channel's dispatcher has commands for its own channel alone. */
function givenOn(topic: string): Record<string, unknown> {
  const channel = channels.find((each) => dispatchTopic(each) === topic);
  return channel === undefined ? {} : { channel };
}
