// Bytes that are nearly right: cut off, grown, or with a few that are others.
import * as fc from "fast-check";

export function oddBytes(sound: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.nat({ max: Math.max(0, sound.length - 1) });
  const grown = fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 64 }));
  const changes = fc.array(fc.tuple(place, fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 });
  return fc.oneof(
    place.map((at) => sound.subarray(0, at)),
    grown.map(([at, more]) => Buffer.concat([sound.subarray(0, at), more, sound.subarray(at)])),
    changes.map((some) => withChanges(sound, some)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  );
}

export function withChanges(sound: Buffer, changes: readonly (readonly [number, number])[]) {
  const copy = Buffer.from(sound);
  for (const [at, byte] of changes) copy[at % copy.length] = byte;
  return copy;
}
