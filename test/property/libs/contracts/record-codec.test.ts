import * as fc from "fast-check";
import { expect, it } from "vitest";
import { compileSchema } from "#libs/contracts/avro-type.ts";
import { recordCodec } from "#libs/contracts/record-codec.ts";
import { readSchema, type SchemaName } from "#libs/contracts/schemas.ts";
import { topics } from "#libs/contracts/topics.ts";
import { writerSchemas } from "#libs/contracts/writer-schemas.ts";
import { arbitraryOf } from "#test/support/arbitrary-of.ts";

const names = [...new Set(Object.values(topics).map(({ schema }) => schema))];
const RUNS = { numRuns: 1_000 };

function admit(value: unknown) {
  return { value, faults: [] };
}

function contract(name: SchemaName) {
  const type = compileSchema(readSchema(name));
  const writers = writerSchemas(async () => undefined);
  const options = { subject: name, type, schemaId: 1, writers, admit };
  return { codec: recordCodec<unknown, unknown>(options), values: arbitraryOf(type) };
}

it.each(names)("decodes every %s to the value that was encoded", async (name) => {
  const { codec, values } = contract(name);
  await fc.assert(
    fc.asyncProperty(values, async (value) => {
      expect(await codec.read([codec.encode(value)])).toStrictEqual([{ value, faults: [] }]);
    }),
    RUNS,
  );
});

it.each(names)("decodes any bytes as a %s or calls them poison", async (name) => {
  const { codec, values } = contract(name);
  const damages = fc.record({
    at: fc.nat(),
    bytes: fc.uint8Array({ maxLength: 12 }),
    end: fc.nat(),
  });
  await fc.assert(
    fc.asyncProperty(values, damages, async (value, { at, bytes: noise, end }) => {
      const damaged = codec.encode(value);
      const place = 5 + (at % Math.max(1, damaged.length - 5 - noise.length));
      damaged.set(noise.subarray(0, damaged.length - place), place);
      const bytes = damaged.subarray(0, 5 + (end % damaged.length));
      // It never throws: what is not poison is a value.
      expect(await codec.read([bytes])).toHaveLength(1);
    }),
    RUNS,
  );
});
