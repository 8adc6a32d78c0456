// The messages of `npm run demo`, sent as it does.
import { openOwnAccount } from "#deploy/demo/own-account.ts";
import { send } from "#deploy/demo/product-client.ts";
import { stories } from "#deploy/demo/stories.ts";

const settings = new URL("../../deploy/demo/settings.yaml", import.meta.url);
type Addresses = { apiUrl: string; simulatorUrl: string };

/** For which account they went, and how many became messages. */
export async function sendStories({ apiUrl, simulatorUrl }: Addresses) {
  const product = {
    api: apiUrl,
    carrierSimulator: simulatorUrl,
    apiKey: "no key of the product's",
  };
  await using own = await openOwnAccount({ product, adminKey: "demo-admin-key", settings });
  const ids = await Promise.all(stories.map(({ body }) => send(own, body)));
  return { accountId: own.accountId, messageCount: new Set(ids).size };
}
