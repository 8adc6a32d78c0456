// A connection that is deleted sends nothing more, and hears of what it has sent for as long as that
// may be news: then its receipts end as its ids do.
import { LINK_KEEP_MS } from "#libs/provider-ids/provider-ids.ts";
import type { ConnectionSetting, EndedConnection } from "#libs/settings/bodies/connection.ts";
import { type AnySetting, type Stamp, withBody } from "#libs/settings/setting.ts";

/** What is kept of it from the change on that deletes it. */
export function endConnection(
  connection: ConnectionSetting,
  change: Stamp & { accountId: string },
): AnySetting {
  const endsAt = new Date(change.changedAt + LINK_KEEP_MS).toISOString();
  const place = { kind: "ended-connection", name: connection.guid } as const;
  return withBody({ ...place, ...change }, { ...connection, endsAt });
}

/** Whether its receipts are taken no longer. */
export function isOver({ endsAt }: EndedConnection, now: number): boolean {
  return now >= Date.parse(endsAt);
}
