// Keeps today's contracts for ever: `node deploy/bootstrap.mjs deploy/scripts/write-contract-fixtures.ts v2`
// writes a value of each record type, its bytes and the schema of the day to a new folder. Done with
// every release that changes a schema; what was written before is never written again.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { compileSchema } from "#libs/contracts/avro-type.ts";
import { readSchema } from "#libs/contracts/schemas.ts";
import { topics } from "#libs/contracts/topics.ts";
import { samples } from "#test/support/contract-samples.ts";

const folder = `test/fixtures/contracts/${process.argv[2]}`;
if (existsSync(folder)) throw new Error(`${folder} is there already; old fixtures are kept.`);
mkdirSync(folder, { recursive: true });

for (const name of new Set(Object.values(topics).map(({ schema }) => schema))) {
  const schema = readSchema(name);
  const type = compileSchema(schema);
  const fixture = {
    value: JSON.parse(type.toString(samples[name])),
    avro: type.toBuffer(samples[name]).toString("base64"),
    schema: JSON.parse(schema),
  };
  writeFileSync(`${folder}/${name}.avro.json`, `${JSON.stringify(fixture, null, 2)}\n`);
}
