// A flow of an account's settings in Infobip's words: a message as it is sent, without whom it is for and
// what it says.
import { Type } from "typebox";
import type { Step } from "#libs/contracts/generated/types.ts";
import { STEP_COUNT_MAX } from "#libs/contracts/limits.ts";
import { channelNames } from "#libs/dialects/infobip/channel-names.ts";
import { Failover, Sender, ValidityPeriod } from "#libs/dialects/infobip/send/body.ts";
import { toSteps } from "#libs/dialects/infobip/send/to-request.ts";
import { givenParser, ShapeError } from "#libs/json/parse-given.ts";
import { Title } from "#libs/settings/bodies/members.ts";

const strict = { additionalProperties: false };
const { content: _said, ...failover } = Failover.properties;

const Flow = Type.Object(
  {
    name: Type.Optional(Title),
    channel: Type.Enum(channelNames),
    sender: Type.Optional(Sender),
    failover: Type.Optional(
      Type.Array(Type.Object(failover, strict), { maxItems: STEP_COUNT_MAX - 1 }),
    ),
    options: Type.Optional(Type.Object({ validityPeriod: Type.Optional(ValidityPeriod) }, strict)),
  },
  strict,
);

const parse = givenParser(Flow);

/** Throws ShapeError. */
export function readFlow(given: unknown): object {
  const { name, ...message } = parse(given);
  const { channel, failover: others = [] } = message;
  const channels = [channel, ...others.map((each) => each.channel)];
  if (new Set(channels).size < channels.length) {
    const words = "must name each channel once";
    throw new ShapeError([{ path: "/failover", words, keyword: "uniqueItems" }]);
  }
  return { ...(name !== undefined && { name }), steps: toSteps(message).map(toStep) };
}

function toStep({ channel, sender, waitSeconds, ttlSeconds }: Step): object {
  return {
    channel,
    ...(sender !== null && { sender }),
    ...(waitSeconds !== null && { waitSeconds }),
    ...(ttlSeconds !== null && { ttlSeconds }),
  };
}
