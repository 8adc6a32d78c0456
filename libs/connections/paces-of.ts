// How fast a connection may be called: as its settings say, else as its provider documents.
import { createHash } from "node:crypto";
import { addressOf } from "#libs/contracts/address-of.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { Pace } from "#libs/dispatch-store/candidate.ts";
import { connectedProviders, reportingAs } from "#libs/providers/providers.ts";
import type { SettingOf } from "#libs/settings/setting.ts";
import { isTheOperators } from "#libs/settings/usable-connections.ts";

/** What may go at once after a pause, as a part of a second's calls: a provider counts by seconds. */
const BURST_SECONDS = 0.1;

type Called = Pick<DispatchCommand, "accountId" | "channel" | "sender" | "recipient">;
type Connection = Pick<SettingOf<"connection">, "accountId" | "body">;

/**
 * Of all its calls on whatever channel, because they are of one account at its provider; of those of the
 * sender, which on another channel is another sender; and of those of the sender to this recipient. Of
 * the operator's also those of the account, so that none waits behind another one's backlog.
 */
export function pacesOf(setting: Connection, called: Called): Pace[] {
  const { body: connection } = setting;
  const defaults = connectedProviders.get(connection.provider)?.rates;
  const { perSecond, senderPerSecond, pairSeconds, pairBurst } = {
    ...defaults,
    ...connection.rates,
  };
  const own = reportingAs(connection);
  const sender = JSON.stringify([own, called.sender]);
  return [
    ...(perSecond === undefined
      ? []
      : allCallsPaces(perSecondPace(own, perSecond), setting, called)),
    ...(senderPerSecond === undefined ? [] : [perSecondPace(sender, senderPerSecond)]),
    ...(pairSeconds === undefined
      ? []
      : [
          {
            name: pairOf(sender, called),
            intervalUs: Math.round(pairSeconds * 1_000_000),
            burstCount: pairBurst ?? 1,
            isOfAllChannels: false,
            isShared: false,
          },
        ]),
  ];
}

function allCallsPaces(pace: Pace, setting: Connection, { accountId }: Called): Pace[] {
  const all = { ...pace, isOfAllChannels: true };
  if (!isTheOperators(setting)) return [all];
  return [
    { ...all, name: JSON.stringify([all.name, { accountId }]) },
    { ...all, isShared: true },
  ];
}

function perSecondPace(name: string, perSecond: number): Pace {
  const burstCount = Math.max(1, Math.floor(perSecond * BURST_SECONDS));
  const intervalUs = Math.round(1_000_000 / perSecond);
  return { name, intervalUs, burstCount, isOfAllChannels: false, isShared: false };
}

/** A person's address is no part of a key. */
function pairOf(sender: string, { channel, recipient }: Called): string {
  const address = addressOf(recipient, channel) ?? "";
  return createHash("sha256").update(`${sender} ${address}`).digest("base64url");
}
