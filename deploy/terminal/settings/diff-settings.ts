// What would change if a file were applied. Pure.
import { isDeepStrictEqual } from "node:util";
import {
  type Body,
  type CollectionName,
  collectionNames,
  type FoundItem,
  type FoundSettings,
  hasCredentials,
  type WantedSettings,
} from "./collections.ts";

export type PathChange = { path: string; from?: unknown; to?: unknown };

/** `leave`: it is there, the file does not name it, and nobody said that it should go. */
export type Change = {
  action: "add" | "change" | "delete" | "leave";
  collection: CollectionName | "account";
  name: string;
  before?: Body;
  after?: Body;
  /** What was seen, and must still be there when the change is made; absent: nothing was there. */
  revision?: number;
  paths: PathChange[];
};

/**
 * Every setting that differs, in the order in which references hold. What the file does not name is
 * deleted only where `prune` says so, and only in collections that the file has.
 */
export function diffSettings(
  wanted: WantedSettings,
  found: FoundSettings,
  { prune }: { prune: boolean },
): Change[] {
  const account = { collection: "account" as const, name: wanted.accountId };
  return [
    ...(wanted.account ? diffItem(account, keepGuid(wanted.account, found), found.account) : []),
    ...collectionNames.flatMap((collection) => {
      const items = wanted.items.get(collection);
      if (!items) return [];
      const there = found.items.get(collection) ?? new Map<string, FoundItem>();
      const kept = [...items].flatMap(([name, body]) =>
        diffItem({ collection, name }, body, there.get(name)),
      );
      const others = [...there].filter(([name, { isDraft }]) => !items.has(name) && !isDraft);
      return [
        ...kept,
        ...others.map(([name, item]) => leftOver({ collection, name }, item, prune)),
      ];
    }),
  ];
}

/** Whether applying would do anything. */
export function isPending({ action }: Change): boolean {
  return action !== "leave";
}

/** Every leaf that differs, by its path: `steps.0.waitSeconds`. Lists of words count as leaves. */
export function diffValues(from: unknown, to: unknown, path = ""): PathChange[] {
  if (isDeepStrictEqual(from, to)) return [];
  if (!isNested(from) || !isNested(to) || Array.isArray(from) !== Array.isArray(to)) {
    return [{ path, from, to }];
  }
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names.flatMap((name) =>
    diffValues(memberOf(from, name), memberOf(to, name), path === "" ? name : `${path}.${name}`),
  );
}

type Place = Pick<Change, "collection" | "name">;

function diffItem(place: Place, after: Body, there: FoundItem | undefined): Change[] {
  if (!there) return [{ action: "add", ...place, after, paths: [] }];
  const { body: before, revision } = there;
  const compared = hasCredentials(place.collection) ? comparable(after, before) : after;
  const paths = diffValues(before, compared);
  if (paths.length === 0) return [];
  // What stays as it is stays with the rest.
  const whole = { ...compared, ...after };
  return [{ action: "change", ...place, before, after: whole, revision, paths }];
}

/** Nobody sees a connection's credentials. Channels that a file leaves out stay as they are. */
function comparable(body: Body, there: Body | undefined): Body {
  const { credentials: _secret, ...rest } = body;
  const channels = there?.["channels"];
  return channels === undefined ? rest : { channels, ...rest };
}

function leftOver(place: Place, { body, revision }: FoundItem, prune: boolean): Change {
  return { action: prune ? "delete" : "leave", ...place, before: body, revision, paths: [] };
}

function keepGuid(account: Body, found: FoundSettings): Body {
  const guid = found.account?.body["guid"];
  return guid === undefined ? account : { guid, ...account };
}

function isNested(value: unknown): value is object {
  if (Array.isArray(value)) return value.some((item) => typeof item === "object");
  return typeof value === "object" && value !== null;
}

function memberOf(value: object, name: string): unknown {
  return Object.entries(value).find(([own]) => own === name)?.[1];
}
