// What the route that compares an account's templates with its provider's takes and answers.
import { Type } from "typebox";
import { TemplateBody } from "#libs/settings/bodies/template.ts";
import { CHANGING } from "./refusals.ts";
import { adminOperation, itemParams } from "./schemas.ts";

const TemplateChange = Type.Object({
  action: Type.Enum(["add", "change", "delete"]),
  id: Type.String(),
  before: Type.Optional(TemplateBody),
  after: Type.Optional(TemplateBody),
  revision: Type.Optional(
    Type.Integer({
      description:
        "To be sent as `If-Match`. Absent: the template is new, send `If-None-Match: *`.",
    }),
  ),
  isOthers: Type.Boolean({
    description: "A person made it, or another connection keeps it: ask before it is changed.",
  }),
});

const TemplateChanges = Type.Object(
  {
    state: Type.Enum(["listed", "refused", "unclear", "unreachable", "not-possible"]),
    words: Type.String(),
    changes: Type.Array(TemplateChange),
    oddities: Type.Array(Type.Object({ id: Type.String(), words: Type.String() }), {
      description: "What the provider has and settings cannot hold. It is left as it is.",
    }),
  },
  {
    title: "TemplateChanges",
    examples: [
      {
        state: "listed",
        words: "Templates of the provider: 3.",
        changes: [
          {
            action: "add",
            id: "hello_world.en_US",
            after: {
              channel: "whatsapp",
              name: "hello_world",
              language: "en_US",
              category: "marketing",
              status: "approved",
              text: "Hello",
              syncedFrom: "meta",
            },
            isOthers: false,
          },
        ],
        oddities: [],
      },
    ],
  },
);

export const showTemplateChanges = {
  ...adminOperation(
    "Connections",
    "showTemplateChanges",
    "Show how the account's templates differ from the provider's, and change nothing",
  ),
  params: itemParams("gateway"),
  response: { 200: TemplateChanges },
  problems: CHANGING,
} as const;
