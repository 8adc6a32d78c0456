// The account that is fuzzed, and who asks for it.
import type { Route } from "./odd-requests.ts";

export const ACCOUNT = "fuzz";
export const admin = "demo-admin-key";
export const json = { "content-type": "application/json" };

export type Bare = Pick<Route, "method" | "target" | "bodies">;
/** Named by its method and target where nothing else is said. */
export type Draft = Omit<Route, "name"> & Partial<Pick<Route, "name">>;

export function headersOf(key: string) {
  return { ...json, authorization: `Bearer ${key}` };
}
