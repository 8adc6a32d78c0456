// What was written with older contracts, to be readable for ever.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Type } from "avsc";
import { compileSchema } from "#libs/contracts/avro-type.ts";
import type { SchemaName } from "#libs/contracts/schemas.ts";
import { topics } from "#libs/contracts/topics.ts";

const FOLDER = "test/fixtures/contracts";

export type ContractFixture = {
  /** `v1/send-request`, say. */
  title: string;
  name: SchemaName;
  /** The schema of its time. */
  type: Type;
  /** The value as that schema reads it, and its Avro bytes. */
  value: unknown;
  avro: Buffer;
};

/** Every fixture of every version. */
export function readContractFixtures(): ContractFixture[] {
  const names = new Set(Object.values(topics).map(({ schema }) => schema));
  return readdirSync(FOLDER)
    .flatMap((version) => [...names].map((name) => ({ title: `${version}/${name}`, name })))
    .filter(({ title }) => existsSync(fileOf(title)))
    .map(({ title, name }) => ({ title, name, ...readFixture(title) }));
}

function readFixture(title: string): Pick<ContractFixture, "type" | "value" | "avro"> {
  const { value, avro, schema } = JSON.parse(readFileSync(fileOf(title), "utf8"));
  const type = compileSchema(JSON.stringify(schema));
  return { type, value: type.fromString(JSON.stringify(value)), avro: Buffer.from(avro, "base64") };
}

function fileOf(title: string): string {
  return join(FOLDER, `${title}.avro.json`);
}
