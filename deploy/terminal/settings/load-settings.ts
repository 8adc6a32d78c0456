// What an account has, from the API, in the shape that a file has.
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import type { ApiClient } from "../api-client.ts";
import { Fault } from "../faults.ts";
import {
  type Body,
  type CollectionName,
  collectionNames,
  collectionPath,
  collections,
  FileAccount,
  type FoundItem,
  type FoundSettings,
  isAboveAccounts,
  isSingle,
} from "./collections.ts";

const NOT_THERE = ["not-found", "http-404"];

const Item = Type.Object({ id: Type.String(), revision: Type.Integer() });
const List = Type.Object({ items: Type.Array(Item) });
const Versions = Type.Object({
  published: Type.Integer(),
  versions: Type.Array(Type.Object({ version: Type.Integer(), steps: Type.Unknown() })),
});

/** The account with its collections; one that this API does not have is left out. */
export async function loadSettings(api: ApiClient, accountId: string): Promise<FoundSettings> {
  const path = `/accounts/${encodeURIComponent(accountId)}`;
  const account = await unlessNotThere(api.call(Item, { path }));
  if (!account) return { items: new Map() };
  const lists = await Promise.all(
    collectionNames.map(async (name) => {
      if (isSingle(name)) return loadSingle(api, path, name);
      const list = await loadList(api, accountId, name);
      return list ? [[name, new Map(list.items.map((item) => toFound(name, item)))] as const] : [];
    }),
  );
  return {
    account: { body: bodyOf(account, FileAccount), revision: account.revision },
    items: new Map(lists.flat()),
  };
}

/** What is the operator's is nobody else's to see. */
function loadList(api: ApiClient, accountId: string, name: CollectionName) {
  const answer = api.call(List, { path: collectionPath(accountId, name) });
  return unlessNotThere(answer, [...NOT_THERE, ...(isAboveAccounts(name) ? ["forbidden"] : [])]);
}

function toFound(collection: CollectionName, item: Static<typeof Item>): [string, FoundItem] {
  const { id, revision } = item;
  if (collection !== "flows") {
    return [id, { body: bodyOf(item, collections[collection]), revision }];
  }
  const body = flowBody(item);
  return [id, { body, revision, ...("steps" in body ? {} : { isDraft: true }) }];
}

/** Under its collection's name, as if it were one of many. */
async function loadSingle(api: ApiClient, path: string, name: CollectionName) {
  const one = await unlessNotThere(api.call(Item, { path: `${path}/${name}` }));
  return [[name, new Map(one ? [toFound(name, one)] : [])] as const];
}

/** Without what the API adds to a body, such as who changed it when. */
function bodyOf(item: object, { properties }: { properties: object }): Body {
  const own = Object.entries(item).filter(([name]) => Object.hasOwn(properties, name));
  return Object.fromEntries(own);
}

/** The steps in force. A draft beside them is somebody's work, and no part of a file. */
function flowBody(flow: Body): Body {
  const named = "name" in flow ? { name: flow["name"] } : {};
  if (!Value.Check(Versions, flow)) return named;
  const current = flow.versions.find(({ version }) => version === flow.published);
  return { ...named, steps: current?.steps };
}

async function unlessNotThere<Answer>(
  answer: Promise<Answer>,
  codes = NOT_THERE,
): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Fault && codes.includes(error.code)) return undefined;
    throw error;
  }
}
