// Where the public keys of the demonstration are good: only where somebody asked for them.
import type { EnvReader } from "./read-env.ts";

/** Public knowledge. */
export const DEMO_KEY = "demo-key";
export const DEMO_ADMIN_KEY = "demo-admin-key";
export const DEMO_ACCESS_KEY = { id: "demo", secret: "demo-secret" } as const;

/**
 * `DEMO_KEYS=on`, which `npm start` says for its own infrastructure. A fault where others could
 * reach the listener, and in production: whoever can read could do everything there.
 */
export function readDemoKeys(read: EnvReader, listenHost: string): boolean {
  const isAsked = read.oneOf("DEMO_KEYS", ["on", "off"], "off") === "on";
  if (!isAsked) return false;
  if (isProduction(read)) {
    return read.fault("DEMO_KEYS must be off in production: everybody knows these keys.", false);
  }
  if (isLoopback(listenHost)) return true;
  const sentence = `DEMO_KEYS must be off where others can reach the listener (${listenHost}).`;
  return read.fault(sentence, false);
}

/** Whether `NODE_ENV` says production, however it is spelt. */
export function isProduction(read: EnvReader): boolean {
  const stage = read.text("NODE_ENV", { default: "development" }).toLowerCase();
  return stage === "production" || stage === "prod";
}

/** Whether only programs of this machine can reach a listener on this host. */
export function isLoopback(host: string): boolean {
  return ["localhost", "::1", "[::1]"].includes(host) || /^127(\.\d{1,3}){3}$/.test(host);
}
