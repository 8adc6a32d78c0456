// What many members of messages and their stories are: left out where it does not apply.
import { Type } from "typebox";
import { channels } from "#libs/contracts/topics.ts";
import { Instant } from "../openapi/answers.ts";

export const text = Type.Optional(Type.String());
export const count = Type.Optional(Type.Integer({ minimum: 0 }));
export const instant = Type.Optional(Instant);
export const channel = Type.Optional(Type.Enum(channels));
