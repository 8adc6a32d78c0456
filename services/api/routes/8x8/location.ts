import type { JsonObject } from "../../json-object.ts";
import { member } from "./json-value.ts";

/** Whether it names a point on Earth: `latitude` and `longitude` in degrees. */
export function isPoint(place: JsonObject): boolean {
  return isWithin(member(place, "latitude"), 90) && isWithin(member(place, "longitude"), 180);
}

function isWithin(degrees: unknown, max: number): boolean {
  return typeof degrees === "number" && Math.abs(degrees) <= max;
}
