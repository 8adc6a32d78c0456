// The bytes of SMS text as SMPP carries them: one septet in each octet, or UCS-2 in big endian.
import { decodeSeptets, septetsOf } from "./gsm-alphabet.ts";
import type { SmsAlphabet } from "./segment-sms.ts";

/** Throws RangeError for a character that the alphabet lacks: measure the text first. */
export function encodeSms(text: string, alphabet: SmsAlphabet): Buffer {
  if (alphabet === "UCS2") return Buffer.from(text, "utf16le").swap16();
  return Buffer.from(Array.from(text).flatMap(encodeCharacter));
}

/** Throws RangeError for octets that are no septets, and for half a UTF-16 unit at the end. */
export function decodeSms(bytes: Uint8Array, alphabet: SmsAlphabet): string {
  if (alphabet === "GSM") return decodeSeptets(bytes);
  return Buffer.from(bytes).swap16().toString("utf16le");
}

function encodeCharacter(character: string): readonly number[] {
  const septets = septetsOf(character);
  if (septets) return septets;
  throw new RangeError(`GSM 03.38 has no ${JSON.stringify(character)}.`);
}
