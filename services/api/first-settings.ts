// What must be there before anybody can do anything: an account to send from, a key to change it.
import { seedDemoAccount } from "#libs/settings/demo-account.ts";
import type { EmbeddedKeys } from "#libs/settings/embedded-keys.ts";
import { makeFirstAdminKey } from "#libs/settings/first-admin-key.ts";
import type { ApiDeps } from "./api-deps.ts";

/** Makes what is missing. A key that is made is shown once, in the log, and nowhere kept. */
export async function makeFirstSettings(
  { apiKey, adminKey }: EmbeddedKeys,
  { settings, writer, log }: Pick<ApiDeps, "settings" | "writer" | "log">,
): Promise<void> {
  if (apiKey !== null) await seedDemoAccount(settings, writer);
  if (adminKey !== null) return;
  const made = await makeFirstAdminKey(settings, writer);
  if (made) log.warn(`The first admin key, shown this once: ${made} (ADMIN_KEY sets one instead.)`);
}
