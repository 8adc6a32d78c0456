// Names of a request that its account does not know, or does not let be used so.
import { readRichContent } from "#libs/channel-ttl/rich-content.ts";
import type { Content } from "#libs/contracts/generated/types.ts";
import {
  type Account,
  fallsBackInVain,
  hasSender,
  maySendAs,
  templateName,
} from "#libs/settings/account.ts";
import { type Fault, fault } from "./fault.ts";
import type { JudgedRequest, RequestedStep } from "./requested-steps.ts";
import { type SaidContent, saidContents } from "./said-contents.ts";

type NamingRequest = Pick<JudgedRequest, "content" | "flowId" | "steps">;

/** Faults of the flow, the channels, the senders and the templates that are named. */
export function nameFaults(
  request: NamingRequest,
  steps: readonly RequestedStep[],
  account: Account,
): Fault[] {
  return [
    ...flowFaults(request, steps),
    ...steps.flatMap((step, index) => stepNameFaults(step, index, account)),
    ...saidContents(request).flatMap((said) => contentNameFaults(said, account)),
    ...(fallsBackInVain(steps, account)
      ? [fault("sms-fallback-off", "/steps", "has an SMS after a channel that allows none")]
      : []),
  ];
}

function flowFaults({ flowId }: NamingRequest, steps: readonly RequestedStep[]): Fault[] {
  if (steps.length > 0) return [];
  if (flowId !== null) {
    const words = `names no published flow of the account: ${JSON.stringify(flowId)}`;
    return [fault("unknown-flow", "/flowId", words)];
  }
  return [fault("no-flow", "/steps", "or /flowId must be given: the account has no default flow")];
}

function stepNameFaults(step: RequestedStep, index: number, account: Account): Fault[] {
  const { channel, sender } = step;
  const path = `/steps/${index}`;
  if (!Object.hasOwn(account.senders, channel)) {
    const words = `${JSON.stringify(channel)} is not set up, or not enabled, for the account`;
    return [fault("unknown-channel", `${path}/channel`, words)];
  }
  if (sender === null || hasSender(account, channel, sender)) return [];
  return [fault("unknown-sender", `${path}/sender`, unknownSender(sender))];
}

function unknownSender(sender: string): string {
  return `${JSON.stringify(sender)} is not one of the account's`;
}

function contentNameFaults({ content, path }: SaidContent, account: Account): Fault[] {
  const source = content.sms?.source ?? null;
  const faults = templateFaults(content, path, account);
  if (source === null || maySendAs(account, source)) return faults;
  return [fault("unknown-sender", `${path}/sms/source`, unknownSender(source)), ...faults];
}

/** Whoever has told us nothing about templates leaves it to the channel to know them. */
function templateFaults(content: Content, path: string, { templates }: Account): Fault[] {
  if (content.type !== "TEMPLATE" || content.richJson === null) return [];
  const { template } = readRichContent(content.richJson);
  if (!template || templates.size === 0) return [];
  const known = templates.get(templateName(template));
  const { status = "approved" } = known ?? {};
  if (known && status === "approved") return [];
  const named = `${template.name} in ${template.language}`;
  const words = known
    ? `is not approved: ${named} is ${status}`
    : `is none of the account's: it has no ${named}`;
  return [fault("unknown-template", `${path}/richJson/template`, words)];
}
