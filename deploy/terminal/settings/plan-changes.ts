// In which order changes are made, so that no setting ever names what is not there (yet, or any
// more). Pure.
import type { Body } from "./collections.ts";
import type { Change } from "./diff-settings.ts";

export type Operation = { change: Change } & (
  | { method: "PUT"; body: Body }
  | { method: "DELETE" }
  | { method: "POST"; action: "publish" }
);

/**
 * The account without a new default flow first, then what others name before what names them, then
 * the default flow. Deletions follow, users before what they use. Senders leave a channel last, when
 * their users have changed or are gone.
 */
export function planChanges(changes: readonly Change[]): Operation[] {
  const kept = changes.filter(({ action }) => action === "add" || action === "change");
  const gone = changes.filter(({ action }) => action === "delete");
  return [
    ...kept.flatMap(firstOperations),
    ...kept.flatMap(defaultFlowOperations),
    ...gone.toReversed().map((change) => ({ method: "DELETE" as const, change })),
    ...kept.flatMap(fewerSendersOperations),
  ];
}

function firstOperations(change: Change): Operation[] {
  const { collection, before, after = {} } = change;
  if (collection === "account") return firstOfAccount(change);
  if (collection === "channels") {
    return [{ method: "PUT", change, body: { ...after, senders: allSenders(before, after) } }];
  }
  const put = { method: "PUT" as const, change, body: after };
  return collection === "flows" ? [put, { method: "POST", action: "publish", change }] : [put];
}

function firstOfAccount(change: Change): Operation[] {
  const { paths, action, before, after = {} } = change;
  if (action === "change" && paths.every(({ path }) => path === "defaultFlow")) return [];
  return [{ method: "PUT", change, body: withFlow(after, before?.["defaultFlow"]) }];
}

function defaultFlowOperations(change: Change): Operation[] {
  const { collection, before, after = {} } = change;
  if (collection !== "account" || before?.["defaultFlow"] === after["defaultFlow"]) return [];
  return [{ method: "PUT", change, body: after }];
}

function fewerSendersOperations(change: Change): Operation[] {
  const { collection, before, after = {} } = change;
  if (collection !== "channels") return [];
  const isFewer = allSenders(before, after).length > listOf(after).length;
  return isFewer ? [{ method: "PUT", change, body: after }] : [];
}

function withFlow(account: Body, defaultFlow: unknown): Body {
  const { defaultFlow: _wanted, ...rest } = account;
  return defaultFlow === undefined ? rest : { ...rest, defaultFlow };
}

/** The wanted ones first, as the first is used where a request names none. */
function allSenders(before: Body | undefined, after: Body): unknown[] {
  return [...new Set([...listOf(after), ...listOf(before ?? {})])];
}

function listOf({ senders }: Body): unknown[] {
  return Array.isArray(senders) ? senders : [];
}
