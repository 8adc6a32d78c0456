// What was written with older contracts, to be readable for ever.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Type } from "avsc";
import { compileSchema } from "#libs/contracts/avro-type.ts";
import { type SchemaName } from "#libs/contracts/schemas.ts";

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
  return readdirSync(FOLDER).flatMap((version) =>
    readdirSync(join(FOLDER, version)).map((file) => readFixture(version, file)),
  );
}

function readFixture(version: string, file: string): ContractFixture {
  const { value, avro, schema } = JSON.parse(readFileSync(join(FOLDER, version, file), "utf8"));
  const type = compileSchema(JSON.stringify(schema));
  const name = file.replace(".avro.json", "") as SchemaName;
  const bytes = Buffer.from(avro, "base64");
  const title = `${version}/${name}`;
  return { title, name, type, value: type.fromString(JSON.stringify(value)), avro: bytes };
}
