import { expect, it } from "vitest";
import { compileSchema } from "#libs/contracts/avro-type.ts";
import { readSchema } from "#libs/contracts/schemas.ts";
import { topics } from "#libs/contracts/topics.ts";
import { readContractFixtures } from "#test/support/contract-fixtures.ts";

const fixtures = readContractFixtures();

it("keeps a fixture of every record type", () => {
  const kept = new Set(fixtures.map(({ name }) => name));
  for (const { schema } of Object.values(topics)) expect(kept).toContain(schema);
});

it.each(fixtures)("reads $title, and its readers read what is written today", (fixture) => {
  const today = compileSchema(readSchema(fixture.name));
  expect(fixture.type.fromBuffer(fixture.avro)).toStrictEqual(fixture.value);

  const read = today.fromBuffer(
    fixture.avro,
    today.createResolver(fixture.type, { ignoreNamespaces: true }),
  );
  const writtenToday = today.toBuffer(read);
  const readByThem = fixture.type.fromBuffer(
    writtenToday,
    fixture.type.createResolver(today, { ignoreNamespaces: true }),
  );
  expect(readByThem).toStrictEqual(fixture.value);
});
