// A message's story as the API tells it, and as a person at a terminal reads it.
import { styleText } from "node:util";
import { type Static, Type } from "typebox";
import { channelName } from "#libs/story/wording.ts";
import { type Colour, channelColour, showCost, showOutcome } from "./colours.ts";

const Cost = Type.Object({ amount: Type.Number(), currency: Type.String() });

/** What is read of `GET /messages/{id}`; it has more. */
export const ToldMessage = Type.Object({
  messageId: Type.String(),
  phase: Type.String(),
  outcome: Type.Optional(Type.String()),
  revision: Type.Integer(),
  duplicate: Type.Optional(Type.Boolean()),
  recipient: Type.Optional(Type.Object({ msisdn: Type.Optional(Type.String()) })),
  contentType: Type.Optional(Type.String()),
  requestedAt: Type.String(),
  cost: Type.Optional(Cost),
  extraCost: Type.Optional(Cost),
  story: Type.Array(
    Type.Object({
      at: Type.String(),
      type: Type.String(),
      text: Type.String(),
      channel: Type.Optional(Type.String()),
      outcome: Type.Optional(Type.String()),
      status: Type.Optional(Type.String()),
    }),
  ),
});

export type Told = Static<typeof ToldMessage>;
type ToldEvent = Told["story"][number];

const OUTCOME_TYPES: ReadonlySet<string> = new Set(["MESSAGE_ENDED", "OUTCOME_AMENDED"]);

/** Whether the message has its outcome. Late news may still amend it. */
export function hasEnded({ outcome }: Told): boolean {
  return outcome !== undefined;
}

/** Which message it is and how it stands, in one or two lines. */
export function showHeader(told: Told): string {
  const { messageId, recipient, contentType, requestedAt } = told;
  const facts = [recipient?.msisdn, contentType?.toLowerCase(), `asked at ${requestedAt}`];
  const first = `${styleText("bold", "Message")} ${messageId}`;
  return `${first}\n${styleText("dim", facts.filter(Boolean).join(" · "))}`;
}

/** How it ended, after how long, and what it cost; where it stands if it has not ended. */
export function showFooter(told: Told): string {
  const { outcome, phase, revision, duplicate, cost, extraCost } = told;
  if (outcome === undefined) return styleText("yellow", `Not ended yet (${phase.toLowerCase()}).`);
  const took = tookMs(told);
  const facts = [
    showOutcome(outcome),
    took === undefined ? "" : `after ${seconds(took)}`,
    revision > 1 ? `revision ${revision}` : "",
    cost ? `cost ${showCost(cost)}` : "",
    duplicate ? styleText("yellow", "reached the person twice") : "",
    extraCost ? `${showCost(extraCost)} of it for nothing` : "",
  ];
  return facts.filter((fact) => fact !== "").join(styleText("dim", " · "));
}

/** One line for each event: since when, on which channel, what happened. */
export function showEvents(events: readonly ToldEvent[], startedAt: number): string[] {
  return events.map((event) => {
    const since = seconds(Date.parse(event.at) - startedAt).padStart(10);
    const name = (event.channel === undefined ? "" : channelName(event.channel)).padEnd(8);
    const channel = styleText(channelColour(event.channel), name);
    return `${styleText("dim", since)}  ${channel}  ${styleText(eventColour(event), event.text)}`;
  });
}

/** Times are told from the first event; what the sender asked for may lie in the future. */
export function startOf({ story, requestedAt }: Told): number {
  return Date.parse(story[0]?.at ?? requestedAt);
}

/** Until it had the outcome that it has: a late success came with its amendment, not with the end. */
function tookMs(told: Told): number | undefined {
  const end = told.story.find(({ type, outcome }) => {
    return OUTCOME_TYPES.has(type) && outcome === told.outcome;
  });
  return end && Date.parse(end.at) - startOf(told);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function eventColour({ type, outcome }: ToldEvent): Colour {
  if (type === "MESSAGE_ENDED") return outcome === "SUCCEEDED" ? "green" : "red";
  if (type === "ATTEMPT_LEFT") return "yellow";
  if (type === "OUTCOME_AMENDED") return "magenta";
  return type === "REPORT_NOTED" ? "dim" : "none";
}
