// Makes the changes of a preview, one after the other, as long as what the preview saw is there.
import { Type } from "typebox";
import type { ApiClient, ApiRequest } from "../api-client.ts";
import { Fault, refusalFault } from "../faults.ts";
import { collectionPath, isSingle } from "./collections.ts";
import type { Change } from "./diff-settings.ts";
import type { Operation } from "./plan-changes.ts";

/** The revision is absent where something was deleted; a secret is there where one was made. */
const Answer = Type.Object({
  revision: Type.Optional(Type.Integer()),
  secret: Type.Optional(Type.String()),
});
export type Done = {
  change: Change;
  /** The API shows it this once. */
  secret: string | undefined;
};

/**
 * Carries out the operations in order and tells of each. Throws Fault at the first that is refused,
 * with what was done before it: applying the file again does the rest.
 */
export async function applyChanges(
  operations: readonly Operation[],
  { api, accountId, onDone }: { api: ApiClient; accountId: string; onDone: (done: Done) => void },
): Promise<void> {
  const revisions = new Map<string, number | undefined>();
  const last = new Map(operations.map((operation) => [operation.change, operation]));
  for (const [index, operation] of operations.entries()) {
    const { change } = operation;
    const place = placeOf(change);
    const seen = revisions.has(place) ? revisions.get(place) : change.revision;
    try {
      const { revision, secret } = await api.call(Answer, toRequest(operation, accountId, seen));
      revisions.set(place, revision);
      if (last.get(change) === operation) onDone({ change, secret });
    } catch (error) {
      throw told(error, operation, index);
    }
  }
}

/** How a setting is named to a person: `channels/whatsapp`, `account/demo`. */
export function placeOf({ collection, name }: Pick<Change, "collection" | "name">): string {
  return `${collection}/${name}`;
}

function toRequest(operation: Operation, accountId: string, seen: number | undefined): ApiRequest {
  const { method, change } = operation;
  const headers: Record<string, string> =
    seen === undefined ? { "if-none-match": "*" } : { "if-match": `"${seen}"` };
  const path = pathOf(change, accountId);
  if (operation.method === "POST") {
    return { method, path: `${path}/${operation.action}`, headers };
  }
  return { method, path, headers, ...(operation.method === "PUT" && { body: operation.body }) };
}

function pathOf({ collection, name }: Change, accountId: string): string {
  if (collection === "account") return `/accounts/${encodeURIComponent(accountId)}`;
  const path = collectionPath(accountId, collection);
  return isSingle(collection) ? path : `${path}/${encodeURIComponent(name)}`;
}

function told(error: unknown, { change }: Operation, doneCount: number): unknown {
  if (!(error instanceof Fault)) return error;
  const place = placeOf(change);
  const rest =
    doneCount === 0
      ? "Nothing was changed."
      : "What comes before it was changed; apply the file again for the rest.";
  if (error.code === "revision-mismatch") {
    const what = `Somebody changed ${place} after the preview, so it was left as it is.`;
    return refusalFault(`${what}\n${rest} Look at the differences again first.`, error.code);
  }
  const message = `${place}: ${error.message}\n${rest}`;
  return new Fault(message, { exitCode: error.exitCode, code: error.code });
}
