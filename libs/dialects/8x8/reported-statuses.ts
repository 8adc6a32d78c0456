// Which statuses a channel ever reports. A step that waits for another one would always fall back.
import type { WantedStatus } from "#libs/contracts/generated/types.ts";

const UP_TO_SENT: readonly WantedStatus[] = ["ACCEPTED", "SENT"];
const UP_TO_DELIVERED: readonly WantedStatus[] = [...UP_TO_SENT, "DELIVERED"];
const UP_TO_READ: readonly WantedStatus[] = [...UP_TO_DELIVERED, "READ"];

/**
 * By 8x8's name: https://developer.8x8.com/connect/docs/list-of-supported-chatapps-channels (July
 * 2026). Channels of which that page says nothing are not here.
 */
const REPORTED: ReadonlyMap<unknown, readonly WantedStatus[]> = new Map([
  ["WhatsApp", UP_TO_READ],
  ["Viber", UP_TO_READ],
  ["RCS", UP_TO_READ],
  ["SMS", UP_TO_DELIVERED],
  ["ZaloNotification", UP_TO_DELIVERED],
  ["LineNotification", UP_TO_DELIVERED],
  ["Line", UP_TO_SENT],
]);

/** False only where the channel, by 8x8's name, is known never to report the status. */
export function mayReport(channelName: unknown, status: WantedStatus): boolean {
  return REPORTED.get(channelName)?.includes(status) ?? true;
}
