// A command as Google takes it: `POST /v1/phones/{number}/agentMessages?messageId=...&agentId=...`.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { contentMessage } from "../content/rcs-content.ts";
import { noAddress } from "../no-address.ts";
import { notServed } from "../not-served.ts";
import type { ProviderAnswer, Taken } from "../provider-adapter.ts";
import type { RbmOptions } from "./access.ts";
import { messageIdOf } from "./message-id.ts";

/** Google's longest, 15 days; below 10 s it advises nobody: both a delivery and a revocation may come. */
const TTL_SECONDS = { min: 10, max: 15 * 86_400 };

export function rbmRequest(
  command: DispatchCommand,
  { agentId, trafficType }: Pick<RbmOptions, "agentId" | "trafficType">,
): { path: string; body: string } | ProviderAnswer {
  const { msisdn } = command.recipient;
  if (!msisdn) return noAddress;
  const content = contentMessage(command.content);
  if (!content) return notServed;
  const ttl = ttlOf(command);
  const query = new URLSearchParams({ messageId: messageIdOf(command.commandId), agentId });
  const message = {
    contentMessage: content,
    ...(trafficType !== undefined && { messageTrafficType: trafficType }),
    ...(ttl !== undefined && { ttl }),
  };
  const path = `/v1/phones/${encodeURIComponent(msisdn)}/agentMessages?${query.toString()}`;
  return { path, body: JSON.stringify(message) };
}

/** Where a message is that was sent: `DELETE` takes it back. Its id is ours, whatever was answered. */
export function rbmMessagePath(
  { commandId, recipient }: Pick<Taken, "commandId" | "recipient">,
  { agentId }: Pick<RbmOptions, "agentId">,
): string {
  const phone = encodeURIComponent(recipient.msisdn ?? "");
  const query = new URLSearchParams({ agentId });
  return `/v1/phones/${phone}/agentMessages/${messageIdOf(commandId)}?${query.toString()}`;
}

/** Google then takes back by itself what it could not deliver, before the next step is sent. */
function ttlOf({ ttlSeconds, waitMs }: DispatchCommand): string | undefined {
  const seconds = ttlSeconds ?? (waitMs === null ? undefined : Math.floor(waitMs / 1_000));
  if (seconds === undefined) return undefined;
  return `${Math.min(Math.max(seconds, TTL_SECONDS.min), TTL_SECONDS.max)}s`;
}
