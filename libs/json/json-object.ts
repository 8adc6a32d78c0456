export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a client's value is an object; an array is none. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
