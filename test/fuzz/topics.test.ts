// Goal: nothing that lies on a topic stops the product. Method: rounds of odd records on each topic
// that somebody reads; after every round all of them are read past, the product lives, and a good
// message falls through to its second channel. A failure names the command that plays it again.
import { SchemaRegistry } from "@kafkajs/confluent-schema-registry";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compileSchema } from "#libs/contracts/avro-type.ts";
import { readSchema } from "#libs/contracts/schemas.ts";
import { topics } from "#libs/contracts/topics.ts";
import { untilCaughtUp } from "#test/support/consumer-groups.ts";
import { connectOddSender, type OddSender } from "#test/support/fuzz/feed-topic.ts";
import { type OddRecord, oddRecords } from "#test/support/fuzz/odd-records.ts";
import { readFuzzPlan } from "#test/support/fuzz/plan.ts";
import { fuzz } from "#test/support/fuzz/rounds.ts";
import { wideType } from "#test/support/fuzz/wide-schema.ts";
import { type Product, startProduct } from "#test/support/product.ts";

const plan = readFuzzPlan(200);
/** A million odd records at some hundred a second. */
const TARGET_WITHIN_MS = 6 * 3_600_000;
const READ_WITHIN_MS = 300_000;

/** Outcomes are for others: no process of ours reads them. */
const read = Object.values(topics).filter(({ name }) => name !== topics.messageOutcomes.name);

const opened = new AsyncDisposableStack();
let product: Product;
let sender: OddSender;
let registry: SchemaRegistry;

beforeAll(async () => {
  product = opened.use(await startProduct({ timeScale: 0.005 }));
  sender = opened.use(await connectOddSender(product.places.brokers));
  registry = new SchemaRegistry({ host: product.places.registryUrl });
});
afterAll(() => opened.disposeAsync());

describe.each(read.filter(({ name }) => name.includes(plan.only)))("$name", ({ name, schema }) => {
  it("is read past whatever lies on it", { timeout: TARGET_WITHIN_MS }, async () => {
    const text = readSchema(schema);
    const schemaId = await registry.getLatestSchemaId(`${name}-value`);
    const kind = { schema, type: compileSchema(text), wide: wideType(text), schemaId };
    let takenCount = 0;
    const feed = async (records: readonly OddRecord[]) => {
      takenCount += await sender.send(name, records);
      await untilCaughtUp(product.places.brokers, READ_WITHIN_MS);
    };
    await fuzz({ name, inputs: oddRecords(kind), feed }, product, plan);
    // A fuzzer whose inputs never get past the broker would prove nothing.
    expect(takenCount).toBeGreaterThan((plan.inputCount - plan.from) / 2);
  });
});
