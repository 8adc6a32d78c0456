// A flow of an account's settings in the words of Vonage's Messages v1: a message with its failover,
// without whom it is for and what it says.
import { type Static, Type } from "typebox";
import { NAME_LENGTH_MAX, STEP_COUNT_MAX, WAIT_SECONDS_MAX } from "#libs/contracts/limits.ts";
import { channels } from "#libs/contracts/topics.ts";
import { channelNameOf, channelOf } from "#libs/dialects/vonage/channel-names.ts";
import { givenParser } from "#libs/json/parse-given.ts";
import { Title } from "#libs/settings/bodies/members.ts";

const strict = { additionalProperties: false };
const message = {
  channel: Type.Enum(channels.map(channelNameOf)),
  from: Type.Optional(Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX })),
  ttl: Type.Optional(Type.Integer({ minimum: 1, maximum: WAIT_SECONDS_MAX })),
};
const Message = Type.Object(message, strict);

const Flow = Type.Object(
  {
    name: Type.Optional(Title),
    ...message,
    failover: Type.Optional(Type.Array(Message, { maxItems: STEP_COUNT_MAX - 1 })),
  },
  strict,
);

const parse = givenParser(Flow);

/** Throws ShapeError. */
export function readFlow(given: unknown): object {
  const { name, failover = [], ...first } = parse(given);
  const messages = [first, ...failover];
  const last = messages.length - 1;
  const steps = messages.map((each, index) => toStep(each, index === last));
  return { ...(name !== undefined && { name }), steps };
}

/** As in a request: a message without a TTL is left by its report alone. */
function toStep({ channel, from, ttl }: Static<typeof Message>, isLast: boolean): object {
  return {
    channel: channelOf(channel),
    ...(from !== undefined && { sender: from }),
    ...(!isLast && { waitSeconds: ttl ?? null }),
    ...(ttl !== undefined && { ttlSeconds: ttl }),
  };
}
