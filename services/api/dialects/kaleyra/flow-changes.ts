// How flows are made and changed by the api: in the one store of the account's settings.
import { randomUUID } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { KaleyraError } from "#libs/dialects/kaleyra/api-error.ts";
import { isKaleyraFlow } from "#libs/dialects/kaleyra/flows/change-flow.ts";
import { flowView } from "#libs/dialects/kaleyra/flows/flow-view.ts";
import type { Account } from "#libs/settings/account.ts";
import type { FlowSetting } from "#libs/settings/bodies/flow.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { callerName, callerOf } from "../../http/caller.ts";

/** What a flow becomes, in the light of what the account has when it is changed; null deletes it. */
export type Next = (flow: FlowSetting, account: Account) => FlowSetting | null;

type Deps = Pick<ApiDeps, "writer" | "settings">;

/** The account's flow. Throws KaleyraError for none, and for one that Kaleyra could not have. */
export function flowOf({ flows }: Account, id: string): FlowSetting {
  const flow = flows.get(id);
  if (flow && isKaleyraFlow(flow)) return flow;
  throw new KaleyraError(404, "NOT_FOUND", `There is no flow ${id}.`);
}

/** Every flow that Kaleyra could have. */
export function flowsOf(account: Account) {
  const all = [...account.flows].filter(([, flow]) => isKaleyraFlow(flow));
  return all.map(([id, flow]) => flowView(id, flow, account));
}

export function showFlow(account: Account, id: string) {
  return flowView(id, flowOf(account, id), account);
}

/** Makes a flow, whose id is its workflow instance's too. */
export async function makeFlow(flow: FlowSetting, request: FastifyRequest, deps: Deps) {
  const [{ accountId }, name] = [callerOf(request), randomUUID()];
  const place = { accountId, kind: "flow", name } as const;
  await deps.writer.change({
    place,
    expected: "absent",
    by: callerName(request),
    next: () => flow,
  });
  return showFlow(freshAccount(accountId, deps), name);
}

/** Changes a flow. Each change is right over any other: it says one part, and who comes last wins. */
export async function changeFlow(
  request: FastifyRequest<{ Params: { id: string } }>,
  next: Next,
  deps: Deps,
): Promise<ReturnType<typeof flowView> | null> {
  const [{ accountId }, { id: name }] = [callerOf(request), request.params];
  const changed = await deps.writer.change({
    place: { accountId, kind: "flow", name },
    expected: "anything",
    by: callerName(request),
    next: () => {
      const account = freshAccount(accountId, deps);
      return next(flowOf(account, name), account);
    },
  });
  return changed && showFlow(freshAccount(accountId, deps), name);
}

/** As the settings have it now: the caller's is of when the request came. */
function freshAccount(accountId: string, { settings }: Deps): Account {
  const account = settings.findAccount(accountId);
  if (account) return account;
  throw new KaleyraError(404, "NOT_FOUND", `There is no account ${accountId}.`);
}
