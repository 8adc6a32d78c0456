// What the panes of Kaleyra's wizard ask for, as bodies.
import { type Static, Type } from "typebox";
import { NAME_LENGTH_MAX, SETTING_NAME_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { givenParser } from "#libs/json/parse-given.ts";
import { Title } from "#libs/settings/bodies/members.ts";
import { flowChannels } from "./choices.ts";

/** Kaleyra's range of a channel's delay, seconds. */
export const DELAY_SECONDS = { minimum: 5, maximum: 900 };

const strict = { additionalProperties: false };
const Channel = Type.Enum(flowChannels);
const members = {
  from: Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX }),
  template: Type.String({ minLength: 1, maxLength: SETTING_NAME_LENGTH_MAX }),
  delay: Type.Integer(DELAY_SECONDS),
};

export const FirstChannel = Type.Object({ channel: Channel, ...members }, strict);
/** Without a channel it is the other one. */
export const SecondChannel = Type.Object({ channel: Type.Optional(Channel), ...members }, strict);
const Titled = Type.Object({ title: Title }, strict);

export type FirstChannel = Static<typeof FirstChannel>;
export type SecondChannel = Static<typeof SecondChannel>;

export const parseFirstChannel = givenParser(FirstChannel);
export const parseSecondChannel = givenParser(SecondChannel);
export const parseTitled = givenParser(Titled);
