import type { Codec } from "#libs/contracts/codec.ts";
import { PoisonRecordError } from "#libs/errors.ts";

/** Reads text as it is; what begins with "poison" nobody can read. */
export function textCodec(learn: () => Promise<void> = () => Promise.resolve()): Codec<string> {
  return {
    subject: "text",
    encode: (value) => Buffer.from(value),
    async read(values) {
      await learn();
      return values.map((bytes) => {
        const value = bytes.toString();
        if (value.startsWith("poison")) return new PoisonRecordError("It is poison.");
        return { value, faults: [] };
      });
    },
  };
}
