// The account that the product comes with, so that a first message needs no set-up.
import { createHash } from "node:crypto";
import type { EnvReader } from "#libs/config/read-env.ts";
import type { Account, Settings } from "./account.ts";

/** Public knowledge, hence only good on loopback; `API_KEY` replaces it elsewhere. */
const DEMO_KEY = "demo-key";
const SENDER = "FALLTHRU";

const demoAccount: Account = {
  accountId: "demo",
  senders: { whatsapp: SENDER, viber: SENDER, rcs: SENDER, sms: SENDER },
  // 8x8's guide gives the text of an SMS 160 characters of GSM or 70 of Unicode.
  smsSegmentsMax: 1,
  // 8x8's advice for messages without a template TTL is to wait 120 to 300 s before the SMS.
  defaultFlow: [
    { channel: "whatsapp", waitSeconds: 300, wanted: "DELIVERED" },
    { channel: "sms", waitSeconds: null, wanted: "DELIVERED" },
  ],
};

/** The embedded settings with one account, `demo`. Only the hash of its key is kept. */
export function demoSettings(apiKey: string = DEMO_KEY): Settings {
  const keyHash = hash(apiKey);
  return {
    findAccount: (accountId) => (accountId === demoAccount.accountId ? demoAccount : undefined),
    findAccountByKey: (key) => (hash(key) === keyHash ? demoAccount : undefined),
  };
}

/**
 * The API key of account `demo`: `API_KEY`, else the public demo key, which is refused where
 * others could reach the listener or where `NODE_ENV` is production.
 */
export function readApiKey(read: EnvReader, listenHost: string): string {
  const production = read.text("NODE_ENV", { default: "development" }) === "production";
  const onLoopback = ["127.0.0.1", "::1", "localhost"].includes(listenHost);
  return onLoopback && !production
    ? read.text("API_KEY", { default: DEMO_KEY })
    : read.text("API_KEY");
}

function hash(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
