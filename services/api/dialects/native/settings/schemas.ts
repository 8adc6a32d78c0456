// What callers give of a setting and what they are shown, made of the one schema of its body.
import { type TObject, type TProperties, type TSchema, Type } from "typebox";
import { ACCOUNT_ID } from "#libs/contracts/limits.ts";
import { SETTING_NAME } from "#libs/settings/bodies/members.ts";
import { Instant, strict } from "../openapi/answers.ts";
import type { Tag } from "../openapi/tags.ts";

/** What the API adds to a body. Taken back with it, these members say nothing: they are dropped. */
const added = {
  id: Type.Optional(Type.String({ readOnly: true })),
  revision: Type.Optional(Type.Integer({ readOnly: true })),
  changedAt: Type.Optional(Type.String({ readOnly: true })),
  changedBy: Type.Optional(Type.String({ readOnly: true })),
};

/** A body as a caller may give it: also as it was read. */
export function givenBody<P extends TProperties>({ properties }: TObject<P>, example: object) {
  return Type.Object({ ...properties, ...added }, { ...strict, examples: [example] });
}

/** A setting as `settingView` shows it; `title` is its name in the document. */
export function shownSetting(title: string, { properties }: TObject, example: Example): TSchema {
  const members = shownMembers(properties);
  const examples = [shownExample(example)];
  return Type.Object(members, { ...strict, title, description: "As it stands now.", examples });
}

export function shownMembers(body: TProperties): TProperties {
  return {
    id: Type.String(),
    ...body,
    revision: Type.Integer({
      description:
        "The ETag, without its quotes. Changes of all settings share one count, so a new one need not begin at 1, and it rises by more than 1.",
    }),
    changedAt: Instant,
    changedBy: Type.String({ description: "Account and id of the key." }),
  };
}

export function shownExample({ name, body }: Example): object {
  const stamp = { revision: 42, changedAt: "2026-11-01T09:30:00.000Z", changedBy: "*/first" };
  return { id: name, ...body, ...stamp };
}

/** A setting of an account that is a good example. */
export type Example = { name: string; body: object };

export const AccountParams = Type.Object({
  accountId: Type.String({ pattern: ACCOUNT_ID.source, examples: ["acme"] }),
});

/** The path of a setting. */
export function namedParams(name: string, pattern = SETTING_NAME) {
  return Type.Object({ name: Type.String({ pattern: pattern.source, examples: [name] }) });
}

/** The path of a setting of an account. */
export function itemParams(name: string, pattern = SETTING_NAME) {
  return Type.Object({ ...AccountParams.properties, ...namedParams(name, pattern).properties });
}

/** What every route of settings has in its document. */
export function adminOperation(tag: Tag, operationId: string, summary: string) {
  return { operationId, summary, tags: [tag], security: [{ adminKey: [] }] };
}
