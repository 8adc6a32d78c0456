import type { JsonObject } from "#libs/json/json-object.ts";

/** Whether it names a point on Earth: `latitude` and `longitude` in degrees. */
export function isPoint({ latitude, longitude }: JsonObject): boolean {
  return isWithin(latitude, 90) && isWithin(longitude, 180);
}

/** 8x8's own samples write degrees as strings too. */
function isWithin(degrees: unknown, max: number): boolean {
  const isWritten = typeof degrees === "string" && /^[+-]?\d+(\.\d+)?$/.test(degrees);
  return (typeof degrees === "number" || isWritten) && Math.abs(Number(degrees)) <= max;
}
