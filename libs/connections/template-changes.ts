// How an account's templates differ from those that a connection's provider has. Pure.
import { isDeepStrictEqual } from "node:util";
import type { OddTemplate } from "#libs/providers/provider.ts";
import { templateName } from "#libs/settings/account.ts";
import type { BodyOf, SettingOf } from "#libs/settings/setting.ts";

type Template = BodyOf<"template">;

export type TemplateChange = {
  action: "add" | "change" | "delete";
  id: string;
  before?: Template;
  after?: Template;
  /** What was seen, and must still be there when the change is made; absent: nothing was there. */
  revision?: number;
  /** A person made it, or another connection keeps it: it is not changed unless somebody says so. */
  isOthers: boolean;
};

type Listed = { templates: readonly Template[]; oddities: readonly OddTemplate[] };

/**
 * In the order of their names. Gone is only what this connection has brought; what is there and cannot
 * be read is left as it is.
 */
export function templateChanges(
  { templates, oddities }: Listed,
  found: readonly SettingOf<"template">[],
  connection: string,
): TemplateChange[] {
  const there = new Map(found.map((setting) => [setting.name, setting]));
  const listed = new Map(templates.map((template) => [templateName(template), template]));
  const odd = new Set(oddities.map(({ id }) => id));
  const kept = [...listed].flatMap(([id, template]) =>
    changeOf({ ...template, syncedFrom: connection }, there.get(id)),
  );
  const gone = found.filter(
    ({ name, body }) => body.syncedFrom === connection && !listed.has(name) && !odd.has(name),
  );
  return [...kept, ...gone.map(deletion)].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

function changeOf(after: Template, there: SettingOf<"template"> | undefined): TemplateChange[] {
  const id = templateName(after);
  if (!there) return [{ action: "add", id, after, isOthers: false }];
  const { body: before, revision } = there;
  const isOthers = before.syncedFrom !== after.syncedFrom;
  if (isDeepStrictEqual({ ...before, syncedFrom: after.syncedFrom }, after)) return [];
  return [{ action: "change", id, before, after, revision, isOthers }];
}

function deletion({ name: id, body: before, revision }: SettingOf<"template">): TemplateChange {
  return { action: "delete", id, before, revision, isOthers: false };
}
