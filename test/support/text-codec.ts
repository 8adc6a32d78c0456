import type { Codec } from "#libs/contracts/codec.ts";
import { PoisonRecordError } from "#libs/errors.ts";

/** Reads text as it is; what begins with "poison" nobody can read. */
export function textCodec(learn: () => Promise<void> = () => Promise.resolve()): Codec<string> {
  return {
    subject: "text",
    encode: (value) => Buffer.from(value),
    learn,
    decode(value) {
      const text = value.toString();
      if (text.startsWith("poison")) throw new PoisonRecordError("It is poison.");
      return text;
    },
  };
}
