// After a lost answer: asks the provider whether it has the message, before it is called again or given up.
import { LOOK_UP_MS_MAX } from "#libs/contracts/limits.ts";
import type { Conclusion } from "#libs/dispatch-rules/conclude.ts";
import type { Asked } from "#libs/dispatch-rules/pass-on.ts";
import { isLost, type LookedUp, resolveLost } from "#libs/dispatch-rules/resolve-lost.ts";
import { boundAnswer } from "#libs/providers/bound-answer.ts";
import type { LookUpAnswer } from "#libs/providers/provider-adapter.ts";
import type { CommandInHand, DispatchDeps } from "./dispatch-deps.ts";
import { within } from "./within.ts";

/** By how much a provider's clock may be behind ours: servers that follow NTP are within a second. */
const CLOCK_DIFFERENCE_MS = 10_000;

/**
 * Takes `LOOK_UP_MS_MAX` at most, whatever a provider does. What is found belongs to this attempt from
 * then on. Rejects with RetriableError while Redis is away: the command comes again, and asks again.
 */
export async function lookUpLost(
  conclusion: Conclusion,
  item: CommandInHand,
  { asked, deps }: { asked: Asked; deps: DispatchDeps },
): Promise<Conclusion> {
  if (!isLost(conclusion)) return conclusion;
  const said = await ask(item, asked);
  const isOurs = said.type !== "found" || (await claim(said, item, { asked, deps }));
  return resolveLost(conclusion, isOurs ? said : { type: "owned" });
}

async function ask({ command, routes }: CommandInHand, { provider }: Asked): Promise<LookedUp> {
  const adapter = routes.find((route) => route.provider === provider)?.adapter;
  if (!adapter?.lookUp) return { type: "nothing-to-ask" };
  // It was not called before it was issued.
  const since = command.issuedAt - CLOCK_DIFFERENCE_MS;
  const asking = adapter.lookUp(command, { since, withinMs: LOOK_UP_MS_MAX });
  const said = await within(LOOK_UP_MS_MAX, asking, { type: "no-answer" });
  return said.type === "found" && !isUsable(said) ? { type: "no-answer" } : said;
}

type Found = Extract<LookUpAnswer, { type: "found" }>;

function isUsable(found: Found): boolean {
  return boundAnswer({ ...found, type: "accepted" }).type === "accepted";
}

/** False where another attempt has its id: an equal message to the same person. */
async function claim(
  { providerMessageId }: Found,
  { command: { messageId, attemptIndex } }: CommandInHand,
  { asked: { provider }, deps }: { asked: Asked; deps: DispatchDeps },
): Promise<boolean> {
  const attempt = { messageId, attemptIndex, providerMessageIds: [] };
  const others = await deps.providerIds.linkAll([{ provider, providerMessageId, ...attempt }]);
  return others.length === 0;
}
