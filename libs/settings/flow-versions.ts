// A flow's life: a draft that may be edited, published as a version that never changes, edited
// again. Messages keep the steps that they started with, so nothing here touches them.
import { type FlowSetting, VERSION_COUNT_MAX } from "./bodies/flow.ts";
import { SettingRefusal } from "./setting-refusal.ts";

type Draft = { name?: string; steps: NonNullable<FlowSetting["draft"]>["steps"] };

/** The flow with `draft` in place of any earlier draft. What is published stays in force. */
export function withDraft(flow: FlowSetting | undefined, { name, steps }: Draft): FlowSetting {
  const { versions = [], published } = flow ?? {};
  return {
    ...(name !== undefined && { name }),
    draft: { steps },
    ...(published !== undefined && { published }),
    versions,
  };
}

/** The flow with its draft as the newest version, in force. Throws SettingRefusal without a draft. */
export function publish({ draft, ...flow }: FlowSetting, now: number): FlowSetting {
  if (!draft) throw new SettingRefusal("invalid", "There is no draft to publish; PUT one first.");
  const version = (flow.versions.at(-1)?.version ?? 0) + 1;
  const newest = { version, steps: draft.steps, publishedAt: new Date(now).toISOString() };
  const versions = [...flow.versions, newest].slice(-VERSION_COUNT_MAX);
  return { ...flow, published: version, versions };
}

/** The flow as a draft again: no new message may start. A draft that is there stays. */
export function unpublish({ published, ...flow }: FlowSetting): FlowSetting {
  const current = flow.versions.find(({ version }) => version === published);
  if (!current) throw new SettingRefusal("invalid", "The flow is not published.");
  return { draft: { steps: current.steps }, ...flow };
}
