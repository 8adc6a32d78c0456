// A flow as Kaleyra's wizard and lists would show it.
import type { Account } from "#libs/settings/account.ts";
import type { FlowSetting, FlowStepSetting } from "#libs/settings/bodies/flow.ts";
import { editedSteps } from "./change-flow.ts";
import { findTemplate, isFlowChannel } from "./choices.ts";

/** `id` is the flow's for ever; from its first publication on it is its workflow instance id too. */
export function flowView(id: string, flow: FlowSetting, account: Account) {
  const { name, published, draft, versions } = flow;
  const [first, second] = editedSteps(flow);
  const isPublished = published !== undefined;
  return {
    id,
    title: name ?? id,
    status: isPublished ? "PUBLISHED" : "DRAFT",
    ...(versions.length > 0 && { workflowInstanceId: id }),
    // What is in force is not what is shown.
    hasUnpublishedChanges: isPublished && draft !== undefined,
    ...(first && { firstChannel: channelView(first, account) }),
    ...(second && { secondChannel: channelView(second, account) }),
  };
}

/** What a flow lacks that was made elsewhere is left out. */
function channelView(step: FlowStepSetting, account: Account) {
  const { channel, sender, template, waitSeconds } = step;
  const choice = isFlowChannel(channel) ? findTemplate(channel, template, account) : undefined;
  return {
    channel,
    ...(sender !== undefined && { from: sender }),
    ...(template !== undefined && { template }),
    ...(choice?.preview !== undefined && { preview: choice.preview }),
    ...(typeof waitSeconds === "number" && { delay: waitSeconds }),
  };
}
