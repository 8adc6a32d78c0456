// `channels`: the fallback sequence of a message.
import type { StepInit, WantedStatus } from "#libs/contracts/generated/types.ts";
import { channelNames, findChannel } from "#libs/dialects/8x8/channel-names.ts";
import { member, parseObject } from "#libs/dialects/8x8/json-value.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import { mayReport } from "#libs/dialects/8x8/reported-statuses.ts";
import type { JsonObject } from "#libs/json/json-object.ts";
import { type Account, hasSender } from "#libs/settings/account.ts";

/** The range of `fallbackAfter` in 8x8's OpenAPI, seconds. */
export const FALLBACK_AFTER_MIN = 10;
export const FALLBACK_AFTER_MAX = 86_400;

/** By `successStatus`. */
export const WANTED: ReadonlyMap<unknown, WantedStatus> = new Map([
  ["Accepted", "ACCEPTED"],
  ["Sent", "SENT"],
  ["Delivered", "DELIVERED"],
  ["Read", "READ"],
]);

/** The steps as they are named. Without any `channels` there are none, and the account's default flow applies. */
export function parseChannels(given: unknown, account: Account): StepInit[] {
  const channels = given ?? [];
  if (!Array.isArray(channels)) throw new Refusal(3022, "channels must be an array.");
  if (channels.length === 0 && account.defaultFlow.length === 0) {
    throw new Refusal(3022, "channels is missing, and this sub-account has no default flow.");
  }
  return channels.map((channel: unknown, index) => {
    const path = `channels[${index}]`;
    const isLast = index === channels.length - 1;
    return parseStep(parseObject(channel, 3022, path), { path, isLast, account });
  });
}

type Place = { path: string; isLast: boolean; account: Account };

function parseStep(channel: JsonObject, place: Place): StepInit {
  const given = parseWait(member(channel, "fallbackAfter"), place);
  const wanted = parseWanted(channel, place);
  const own = parseChannel(member(channel, "channel"), place);
  const sender = parseChannelId(member(channel, "channelId"), own, place);
  return {
    channel: own,
    ...(sender !== null && { sender }),
    // The guide makes `fallbackAfter` optional.
    waitSeconds: isTimed(wanted, place) ? (given ?? place.account.defaultWaitSeconds) : null,
    wanted,
  };
}

/** Nothing follows the last channel; and `Accepted` goes on only if the channel rejects. */
export function isTimed(wanted: WantedStatus, { isLast }: { isLast: boolean }): boolean {
  return !isLast && wanted !== "ACCEPTED";
}

function parseChannel(name: unknown, { path, account }: Place): string {
  const channel = typeof name === "string" ? findChannel(name) : undefined;
  if (channel) return channel;
  // Any other would be 3027 next.
  const usable = channelNames.filter((each) => {
    return Object.hasOwn(account.senders, findChannel(each) ?? "");
  });
  const words = usable.length > 0 ? `one of ${usable.join(", ")}` : "set up for this sub-account";
  throw new Refusal(3022, `${path}.channel must be ${words}.`);
}

/** The sender that a channel id stands for: of the channel's id here its own, else the one so named. */
function parseChannelId(id: unknown, channel: string, { path, account }: Place): string | null {
  if (id === undefined) return null;
  if (typeof id !== "string") throw new Refusal(3051, `${path}.channelId must be a string.`);
  const isOwn = account.channels.get(channel)?.channelId === id;
  return isOwn && !hasSender(account, channel, id) ? (account.senders[channel] ?? null) : id;
}

function parseWait(seconds: unknown, { path }: Place): number | null {
  if (seconds === undefined) return null;
  if (typeof seconds === "number" && Number.isInteger(seconds) && isInRange(seconds)) {
    return seconds;
  }
  const range = `${FALLBACK_AFTER_MIN} to ${FALLBACK_AFTER_MAX}`;
  throw new Refusal(3023, `${path}.fallbackAfter must be a whole number of seconds from ${range}.`);
}

function isInRange(seconds: number): boolean {
  return seconds >= FALLBACK_AFTER_MIN && seconds <= FALLBACK_AFTER_MAX;
}

/** Delivered where the client says nothing, but for a channel that never reports it. */
function parseWanted(channel: JsonObject, { path }: Place): WantedStatus {
  const name = member(channel, "channel");
  const status = member(channel, "successStatus");
  if (status === undefined) return mayReport(name, "DELIVERED") ? "DELIVERED" : "SENT";
  const wanted = WANTED.get(status);
  if (!wanted) {
    throw new Refusal(3024, `${path}.successStatus must be Accepted, Sent, Delivered or Read.`);
  }
  if (mayReport(name, wanted)) return wanted;
  const code = wanted === "READ" ? 3026 : 3025;
  throw new Refusal(code, `${path}.successStatus is one that the channel never reports.`);
}
