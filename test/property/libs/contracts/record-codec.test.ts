import * as fc from "fast-check";
import { expect, it } from "vitest";
import { compileSchema } from "#libs/contracts/avro-type.ts";
import { recordCodec } from "#libs/contracts/record-codec.ts";
import { readSchema, type SchemaName } from "#libs/contracts/schemas.ts";
import { topics } from "#libs/contracts/topics.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import { arbitraryOf } from "#test/support/arbitrary-of.ts";

const names = [...new Set(Object.values(topics).map(({ schema }) => schema))];
const RUNS = { numRuns: 1_000 };

function contract(name: SchemaName) {
  const type = compileSchema(readSchema(name));
  const options = { subject: name, type, schemaId: 1, findSchema: async () => undefined };
  return { codec: recordCodec<unknown, unknown>(options), values: arbitraryOf(type) };
}

it.each(names)("decodes every %s to the value that was encoded", (name) => {
  const { codec, values } = contract(name);
  fc.assert(
    fc.property(values, (value) => {
      expect(codec.decode(codec.encode(value))).toStrictEqual(value);
    }),
    RUNS,
  );
});

it.each(names)("decodes any bytes as a %s or calls them poison", (name) => {
  const { codec, values } = contract(name);
  const damages = fc.record({
    at: fc.nat(),
    bytes: fc.uint8Array({ maxLength: 12 }),
    end: fc.nat(),
  });
  fc.assert(
    fc.property(values, damages, (value, { at, bytes, end }) => {
      const damaged = codec.encode(value);
      const place = 5 + (at % Math.max(1, damaged.length - 5 - bytes.length));
      damaged.set(bytes.subarray(0, damaged.length - place), place);
      expect(faultOf(codec, damaged.subarray(0, 5 + (end % damaged.length)))).not.toBe("a bug");
    }),
    RUNS,
  );
});

function faultOf(codec: { decode(value: Buffer): unknown }, bytes: Buffer) {
  try {
    codec.decode(bytes);
    return "none";
  } catch (error) {
    return error instanceof PoisonRecordError ? "poison" : "a bug";
  }
}
