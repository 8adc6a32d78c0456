// Messages in a list, a line for each.
import { styleText } from "node:util";
import { type Static, Type } from "typebox";
import { channelName } from "#libs/story/wording.ts";
import { channelColour, showOutcome } from "./colours.ts";
import { duration } from "./duration.ts";

/** What is read of an item of `GET /messages`; it has more. */
export const Summary = Type.Object({
  messageId: Type.String(),
  phase: Type.String(),
  requestedAt: Type.String(),
  endedAt: Type.Optional(Type.String()),
  outcome: Type.Optional(Type.String()),
  channel: Type.Optional(Type.String()),
  recipient: Type.Optional(Type.Object({ msisdn: Type.Optional(Type.String()) })),
});
type Summary = Static<typeof Summary>;

/** When it was asked for (UTC), which, to whom, on which channel, how it stands. */
export function showSummary(summary: Summary): string {
  const { messageId, phase, requestedAt, outcome, channel, recipient } = summary;
  const name = (channel === undefined ? "" : channelName(channel)).padEnd(8);
  const state = outcome === undefined ? phase.toLowerCase() : showOutcome(outcome);
  const who = (recipient?.msisdn ?? "").padEnd(14);
  const when = styleText("dim", requestedAt.slice(11, 19));
  return `${when}  ${messageId}  ${who}  ${styleText(channelColour(channel), name)}  ${state}`;
}

/** The newest first, as many as fit into `rowCount` lines, with how long each took or has taken. */
export function showTable(items: readonly Summary[], now: number, rowCount: number): string {
  const open = items.filter(({ outcome }) => outcome === undefined).length;
  const head = `${styleText("bold", "Messages")}, newest first; ${open} of ${items.length} under way`;
  const rows = items.slice(0, Math.max(1, rowCount - 3)).map((item) => {
    const end = item.endedAt === undefined ? now : Date.parse(item.endedAt);
    const isKnown = item.outcome === undefined || item.endedAt !== undefined;
    const took = isKnown ? duration(Math.max(0, end - Date.parse(item.requestedAt))) : "";
    return `${showSummary(item)}  ${styleText("dim", took)}`;
  });
  return [`${head}. ${styleText("dim", "Ctrl-C ends this.")}`, "", ...rows].join("\n");
}
