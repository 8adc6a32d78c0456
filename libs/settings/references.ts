// Which settings need which others. A change may leave nobody without what they need.
import { type Account, hasSender, publishedSteps, toAccount } from "./account.ts";
import type { FlowSetting } from "./bodies/flow.ts";
import type { AnySetting } from "./setting.ts";

/** `user` (kind/name) names `what`, and there is no such thing. */
export type UnmetNeed = { user: string; what: string };

/** Everything that the settings of one account name without its being there. */
export function unmetNeeds(settings: Iterable<AnySetting>): UnmetNeed[] {
  const all = [...settings];
  const account = toAccount(all);
  return all.flatMap((setting) => {
    const user = `${setting.kind}/${setting.name}`;
    const missing = account ? missingOf(setting, account) : missingWithoutAccount(setting);
    return missing.map((what) => ({ user, what }));
  });
}

/** A connection that has ended outlives even its account: its receipts come all the same. */
function missingWithoutAccount({ kind }: AnySetting): string[] {
  return kind === "ended-connection" ? [] : ["the account"];
}

function missingOf(setting: AnySetting, account: Account): string[] {
  switch (setting.kind) {
    case "account": {
      const { defaultFlow } = setting.body;
      if (defaultFlow === undefined || publishedSteps(account, defaultFlow)) return [];
      return [`published flow ${defaultFlow}`];
    }
    case "flow":
      return missingOfFlow(setting.body, account);
    case "fallback-policy": {
      const { rule } = setting.body;
      return account.fallbackRules.has(rule) ? [] : [`fallback rule ${rule}`];
    }
    case "fallback-rule": {
      const { sendId } = setting.body;
      return hasSender(account, "sms", sendId) ? [] : [`SMS sender ${sendId}`];
    }
    default:
      return [];
  }
}

/** Only what may still start counts: the draft and the published version. */
function missingOfFlow({ draft, published, versions }: FlowSetting, account: Account): string[] {
  const current = versions.find(({ version }) => version === published);
  const steps = [...(draft?.steps ?? []), ...(current?.steps ?? [])];
  return steps.flatMap(({ channel, sender, template }) => {
    if (!account.channels.has(channel)) return [`channel ${channel}`];
    return [
      ...(sender === undefined || hasSender(account, channel, sender)
        ? []
        : [`sender ${sender} of ${channel}`]),
      ...(template === undefined || hasTemplate(account, channel, template)
        ? []
        : [`template ${template} of ${channel}`]),
    ];
  });
}

function hasTemplate(account: Account, channel: string, template: string): boolean {
  if (channel === "sms") return account.smsTemplates.has(template);
  return channel === "whatsapp" && account.templates.has(template);
}
