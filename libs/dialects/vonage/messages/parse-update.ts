// `PATCH /v1/messages/{uuid}`: a message is revoked, or marked as read.
import { Type } from "typebox";
import { dottedPath } from "#libs/dialects/dotted-path.ts";
import { VonageError } from "#libs/dialects/vonage/api-error.ts";
import { givenParser, refusing } from "#libs/json/parse-given.ts";

const UpdateBody = Type.Object(
  {
    status: Type.Enum(["revoked", "read"]),
    // Shown to who wrote an inbound message; there are none here.
    replying_indicator: Type.Optional(Type.Object({})),
  },
  { additionalProperties: false },
);

/** Throws VonageError. */
export const parseUpdate = refusing(givenParser(UpdateBody), ({ faults }) => {
  const invalidParameters = faults.map(({ path, words }) => {
    return { name: dottedPath(path) || "status", reason: words };
  });
  return new VonageError("params", { invalidParameters });
});

/** For a status that the message cannot have any more, or not at all. */
export function cannotBecome(reason: string): VonageError {
  return new VonageError("params", { invalidParameters: [{ name: "status", reason }] });
}
