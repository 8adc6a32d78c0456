// One sentence per rule of the decider. The table is typed by the decider's own list of rules, so a
// new rule without a sentence does not compile.
import type { FlowStep, StoryEvent } from "#libs/contracts/generated/types.ts";
import type { Rule } from "#libs/fallback/events.ts";
import type { ToldStep } from "./told-steps.ts";
import {
  channelName,
  chargeWords,
  connectionName,
  duration,
  faultNote,
  instant,
  revocationWords,
  word,
} from "./wording.ts";

/** What a sentence may refer to besides its own event. */
export type Scene = {
  steps: readonly ToldStep[];
  /** The attempt that the event is about; else the one that runs. */
  attemptIndex: number;
  /** The attempt that was started last. */
  current: number;
  /** Names of the other channels that had reached the person by then. */
  reachedToo: readonly string[];
};

type Teller = (event: StoryEvent, scene: Scene) => string;

const tellers: Readonly<Record<Rule, Teller>> = {
  accepted: (_, { steps }) => `Accepted: ${plan(steps)}.`,
  scheduled: ({ dueAt }, { steps }) => `Accepted for ${instant(dueAt)}: ${plan(steps)}.`,
  cancel: ({ detail }) => `A cancel was asked for${reason(detail)}.`,
  "cancel-before-request": ({ detail }) =>
    `A cancel came before the request${reason(detail)}; the request will start nothing.`,
  "first-step": tellStart,
  "next-step": tellStart,
  "status-report": (event, scene) => `${reported(event, scene)}.`,
  "unknown-status": (event, scene) => `${reported(event, scene)}; it changes nothing.`,
  "failure-after-delivery": (event, scene) =>
    `${reported(event, scene)} after it was delivered; it changes nothing.`,
  // Its acceptance comes after a report of it where the receipt was faster than the provider's answer.
  "part-reported": (event, scene) =>
    `${reported(event, scene)}${event.status === "ACCEPTED" ? "" : " of one part"}.`,
  "charge-told": ({ charge }, scene) => `${channelAt(scene)}: ${chargeWords(charge)}.`,
  "revocation-told": (event, scene) =>
    `${channelAt(scene)} ${revocationWords(event.revocation)}${faultNote(event)}.`,
  "other-provider": (event, scene) =>
    `A report of ${word(event.status)} was not believed: it came from another provider than the one ` +
    `that has the message on ${channelAt(scene)}; it changes nothing.`,
  "other-channel": (event, scene) =>
    `A report of ${word(event.status)} was not believed: it was about another channel than ` +
    `${channelAt(scene)}; it changes nothing.`,
  "id-of-another-attempt": (event, scene) =>
    `A report of ${word(event.status)} on ${channelAt(scene)} was not believed: the provider's id in it ` +
    `is another attempt's; it changes nothing.`,
  "unknown-id": (event, scene) =>
    `A report of ${word(event.status)} on ${channelAt(scene)} was not believed: the provider's id in it ` +
    `is none of those that it took the message under; it changes nothing.`,
  "late-reports-ignored": (event, scene) =>
    `${reported(event, scene)} after the end; this flow ignores late reports.`,
  "failure-report": (event, scene) =>
    `${channelAt(scene)} was left: it reported ${word(event.status)}${faultNote(event)}.`,
  "unread-report": (_, scene) => `${channelAt(scene)} was left: it reported that nobody read it.`,
  "wait-ended": tellWaitEnded,
  "wanted-status-reached": (_, scene) => `Succeeded by ${channelAt(scene)}${duplicateNote(scene)}.`,
  "earlier-attempt-succeeded": (_, scene) =>
    `Succeeded by ${channelAt(scene)} after all, while ${channelAt(scene, scene.current)} ran; ` +
    `nothing more starts${duplicateNote(scene)}.`,
  "all-steps-used": () => "Exhausted: every step was used and none got through.",
  "stopped-on-failure": (_, scene) =>
    `Exhausted: ${channelAt(scene)} failed, and the flow stops at that.`,
  "closing-window-ended": (_, scene) =>
    `Unconfirmed: ${channelAt(scene)} gave no final word${waitNote(scene)}.`,
  "listening-ended": tellListeningEnded,
  expired: () => "Expired: the message's own deadline has passed, nothing more starts.",
  canceled: () => "Canceled: nothing more starts.",
  "stale-request": () => "Rejected: the request was too old when it was read.",
  "invalid-request": ({ detail, faults }) =>
    `Rejected: the request cannot be carried out${reason(detail)}${listed(faults)}.`,
  "late-success": (event, scene) =>
    `Late news: ${channelAt(scene)} got through after all; ` +
    `the outcome is now ${word(event.outcome)}${revision(event)}${duplicateNote(scene)}.`,
  "second-delivery": (event, scene) =>
    `Late news: ${channelAt(scene)} reached the person too (duplicate)${revision(event)}.`,
};

/** The sentence of one event. */
export function sentenceOf(event: StoryEvent, scene: Scene): string {
  const told = isRule(event.rule) ? tellers[event.rule](event, scene) : event.rule;
  return told.charAt(0).toUpperCase() + told.slice(1);
}

function isRule(rule: string): rule is Rule {
  return Object.hasOwn(tellers, rule);
}

function tellStart(_: StoryEvent, scene: Scene): string {
  const { steps, attemptIndex } = scene;
  const step = steps[attemptIndex];
  const chance = attemptIndex === steps.length - 1 ? "it is the last step" : window(step);
  const to = step?.ownAddress === undefined ? "" : ` to ${step.ownAddress}`;
  return `${channelAt(scene)}${to} was started: ${chance}.`;
}

function window(step: FlowStep | undefined): string {
  if (!step || step.waitMs === null) return "it is left only if it fails";
  return `it has ${duration(step.waitMs)} to be ${word(step.wanted)}`;
}

function tellWaitEnded({ status }: StoryEvent, scene: Scene): string {
  const step = scene.steps[scene.attemptIndex];
  const got = status === null ? "it gave no word" : `it got as far as ${word(status)}`;
  const wanted = word(step?.wanted ?? null);
  return `${channelAt(scene)} was left: not ${wanted}${waitNote(scene)} (${got}).`;
}

function tellListeningEnded({ outcome }: StoryEvent, scene: Scene): string {
  const wanted = word(scene.steps[scene.attemptIndex]?.wanted ?? null);
  return outcome === "EXHAUSTED"
    ? `Exhausted: ${channelAt(scene)} was never ${wanted} for as long as reports are taken.`
    : `Unconfirmed: ${channelAt(scene)} gave no final word for as long as reports are taken.`;
}

function plan(steps: readonly FlowStep[]): string {
  const parts = steps.map(({ channel, waitMs, wanted }, index) => {
    if (index === steps.length - 1) return channelName(channel);
    const limit = waitMs === null ? "unless it fails" : `for ${duration(waitMs)}`;
    return `${channelName(channel)} until ${word(wanted)} ${limit}`;
  });
  return parts.join(", then ");
}

function channelAt({ steps, attemptIndex }: Scene, index: number = attemptIndex): string {
  return channelName(steps[index]?.channel ?? "a channel");
}

function reported(event: StoryEvent, scene: Scene): string {
  const { connection = null, refusals = [] } = event.route ?? {};
  const by = connection === null ? "" : ` by ${connectionName(connection)}`;
  const told = refusals.map((each) => {
    const said = faultNote({ ...each, detail: each.errorText });
    return `${connectionName(each.connection)} had refused${said}`;
  });
  const after = told.length === 0 ? "" : `, after ${told.join(" and ")}`;
  return `${channelAt(scene)} reported ${word(event.status)}${by}${faultNote(event)}${after}`;
}

function waitNote({ steps, attemptIndex }: Scene): string {
  const waitMs = steps[attemptIndex]?.waitMs ?? null;
  return waitMs === null ? "" : ` within ${duration(waitMs)}`;
}

function duplicateNote({ reachedToo }: Scene): string {
  return reachedToo.length === 0
    ? ""
    : `; ${reachedToo.join(" and ")} had reached the person too (duplicate)`;
}

function reason(detail: string | null): string {
  return detail === null ? "" : ` (${detail})`;
}

/** All of them: the reason is the first one's code. */
function listed(faults: StoryEvent["faults"]): string {
  const told = faults.map(({ path, words }) => `${path || "the request"} ${words}`);
  return told.length === 0 ? "" : `: ${told.join("; ")}`;
}

function revision({ revision: number }: StoryEvent): string {
  return number === null ? "" : `, revision ${number}`;
}
