// What a flow becomes by each step of Kaleyra's wizard. It is the account's flow as everybody has it:
// a change makes the draft, and what is published stays in force until the draft is.
import { KaleyraError } from "#libs/dialects/kaleyra/api-error.ts";
import type { Account } from "#libs/settings/account.ts";
import type { FlowSetting, FlowStepSetting } from "#libs/settings/bodies/flow.ts";
import { publish, withDraft } from "#libs/settings/flow-versions.ts";
import { DELAY_SECONDS, type FirstChannel, type SecondChannel } from "./body.ts";
import {
  type FlowChannel,
  findTemplate,
  flowChannels,
  isFlowChannel,
  sendersOf,
} from "./choices.ts";

/** The steps as they are edited: of the draft, else of what is published. */
export function editedSteps({ draft, published, versions }: FlowSetting): FlowStepSetting[] {
  const inForce = versions.find(({ version }) => version === published);
  return draft?.steps ?? inForce?.steps ?? [];
}

/** Whether a flow is one that Kaleyra knows: SMS and WhatsApp, each once. */
export function isKaleyraFlow(flow: FlowSetting): boolean {
  const channels = editedSteps(flow).map(({ channel }) => channel);
  return channels.every(isFlowChannel) && new Set(channels).size === channels.length;
}

/** The first channel cannot become another one while there is a second. */
export function withFirstChannel(
  flow: FlowSetting,
  given: FirstChannel,
  account: Account,
): FlowSetting {
  const [first, second] = editedSteps(flow);
  if (first && second && first.channel !== given.channel) {
    throw conflict("The first channel is fixed until the second one is deleted.");
  }
  return withSteps(flow, [stepOf(given, account), ...(second ? [second] : [])]);
}

/** The second channel is the one that the first is not. */
export function withSecondChannel(
  flow: FlowSetting,
  { channel, ...given }: SecondChannel,
  account: Account,
): FlowSetting {
  const [first] = editedSteps(flow);
  if (!first) throw conflict("Configure the first channel before the second.");
  const other = flowChannels.find((each) => each !== first.channel);
  if (!other || (channel !== undefined && channel !== other)) {
    throw invalid(`/channel must be ${other}: each channel can be configured once.`);
  }
  return withSteps(flow, [first, stepOf({ ...given, channel: other }, account)]);
}

export function withoutSecondChannel(flow: FlowSetting): FlowSetting {
  const [first, second] = editedSteps(flow);
  if (!first || !second) throw new KaleyraError(404, "NOT_FOUND", "There is no second channel.");
  return withSteps(flow, [first]);
}

/** The steps of another flow under a title of their own, as a draft. */
export function cloneOf(flow: FlowSetting, title: string): FlowSetting {
  const steps = editedSteps(flow);
  return { name: title, ...(steps.length > 0 && { draft: { steps } }), versions: [] };
}

/** Nothing, in place of a flow that is not published. */
export function deletable({ published }: FlowSetting): null {
  if (published === undefined) return null;
  throw conflict("The flow is published: unpublish it before it is deleted.");
}

/** Fallback takes two channels, each whole: a flow made elsewhere may lack what Kaleyra asks for. */
export function publishFlow(flow: FlowSetting, account: Account, now: number): FlowSetting {
  const steps = editedSteps(flow);
  const faults = [
    ...(steps.length === 2 ? [] : ["it needs two channels"]),
    ...steps.flatMap((step, index) =>
      missingOf(step, account).map((what) => `channel ${index + 1} needs ${what}`),
    ),
  ];
  if (faults.length > 0) throw conflict(`The flow cannot be published: ${faults.join(", ")}.`);
  if (!flow.draft) throw conflict("The flow is published as it stands.");
  return publish(flow, now);
}

function missingOf(step: FlowStepSetting, account: Account): string[] {
  const { channel, sender, template, waitSeconds } = step;
  if (!isFlowChannel(channel)) return ["to be SMS or WhatsApp"];
  const { minimum, maximum } = DELAY_SECONDS;
  const isTimed = waitSeconds && waitSeconds >= minimum && waitSeconds <= maximum;
  return [
    ...(sender === undefined ? ["a sender"] : []),
    ...(findTemplate(channel, template, account) ? [] : ["an approved template"]),
    ...(isTimed ? [] : [`a delay of ${minimum} to ${maximum} seconds`]),
  ];
}

type Channel = { channel: FlowChannel; from: string; template: string; delay: number };

function stepOf({ channel, from, template, delay }: Channel, account: Account): FlowStepSetting {
  const isApproved = findTemplate(channel, template, account) !== undefined;
  const isConfigured = sendersOf(channel, account).includes(from);
  const faults = [
    ...(isConfigured ? [] : [`/from is no configured sender of ${channel}`]),
    ...(isApproved
      ? []
      : [`/template is no approved text or authentication template of ${channel}`]),
  ];
  if (faults.length > 0) throw invalid(`${faults.join("; ")}.`);
  const usual = { wanted: "DELIVERED", onFailure: "NEXT" } as const;
  return { channel, sender: from, template, waitSeconds: delay, ...usual };
}

function withSteps(flow: FlowSetting, steps: FlowStepSetting[]): FlowSetting {
  return withDraft(flow, { ...(flow.name !== undefined && { name: flow.name }), steps });
}

function invalid(message: string): KaleyraError {
  return new KaleyraError(400, "INVALID_REQUEST", message);
}

function conflict(message: string): KaleyraError {
  return new KaleyraError(409, "CONFLICT", message);
}
