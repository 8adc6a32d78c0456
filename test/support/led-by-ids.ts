// Where the ids lead that each vendor's client is answered with.

import { type Stage, setStage } from "#deploy/demo/vendors/stage.ts";
import { vendorStories } from "#deploy/demo/vendors/stories.ts";
import { createApiClient } from "#deploy/terminal/api-client.ts";
import { findMessage } from "#deploy/terminal/find-message.ts";

type Addresses = { apiUrl: string; simulatorUrl: string };

/** Each vendor's story of the demonstration is sent, and every id of the answer looked up. */
export async function ledByIds({ apiUrl, simulatorUrl }: Addresses) {
  const demo = { api: apiUrl, carrierSimulator: simulatorUrl, apiKey: "demo-key" };
  await using stage = await setStage(demo, "demo-admin-key");
  return await Promise.all(vendorStories.map((story) => sendAndFind(story, stage)));
}

async function sendAndFind({ vendor, send }: (typeof vendorStories)[number], stage: Stage) {
  const { messageId, answer } = await send(stage);
  const { api: url, apiKey: key } = stage.product;
  const client = createApiClient({ url, key, isForPrint: true });
  const found = idsIn(answer).map((id) => findMessage(id, client));
  const led = (await Promise.all(found)).map((message) => message.messageId);
  return { vendor, messageId, led };
}

/** Values under names such as `umid`, `message_uuid`, `messageId`; a request's id names no message. */
function idsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const isId = /(uuid|umid|id)$/i.test(name) && !/^request/i.test(name);
    return typeof inner === "string" && isId ? [inner] : idsIn(inner);
  });
}
