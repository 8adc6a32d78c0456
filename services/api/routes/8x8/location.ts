import type { JsonObject } from "#libs/json/json-object.ts";
import { member } from "./json-value.ts";

/** Whether it names a point on Earth: `latitude` and `longitude` in degrees. */
export function isPoint(place: JsonObject): boolean {
  return isWithin(member(place, "latitude"), 90) && isWithin(member(place, "longitude"), 180);
}

/** 8x8's own samples write degrees as strings too. */
function isWithin(degrees: unknown, max: number): boolean {
  const isWritten = typeof degrees === "string" && /^[+-]?\d+(\.\d+)?$/.test(degrees);
  return (typeof degrees === "number" || isWritten) && Math.abs(Number(degrees)) <= max;
}
