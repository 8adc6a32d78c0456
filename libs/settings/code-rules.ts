// An account's own word on what a provider's code leads to.
import type { Account } from "./account.ts";
import type { CodeRule } from "./bodies/code-rule.ts";

type Coded = { provider: string; channel: string; code: string };

/** The name that a rule has: `twilio-30003`, `infobip-viber-error-1`. */
export function codeRuleName({
  provider,
  channel,
  code,
}: {
  provider: string;
  channel?: string | undefined;
  code: string;
}): string {
  return [provider, channel, code].filter((part) => part !== undefined).join("-");
}

/**
 * What the account says that a code leads to, on the channel before on all. Undefined where it says
 * nothing, and the code's class decides. `provider`: as reports name it.
 */
export function whereCodeLeads(
  { codeRules }: Pick<Account, "codeRules">,
  { provider: reporter, channel, code }: Coded,
): CodeRule["leadsTo"] | undefined {
  if (codeRules.size === 0) return undefined;
  // Reports of a connection name it behind its provider.
  const [provider = ""] = reporter.split(".");
  const rule =
    codeRules.get(codeRuleName({ provider, channel, code })) ??
    codeRules.get(codeRuleName({ provider, code }));
  return rule?.leadsTo;
}
