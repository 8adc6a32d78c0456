// A flow of an account's settings in 8x8's words: `channels` as a request names them.
import { type Static, Type } from "typebox";
import { NAME_LENGTH_MAX, STEP_COUNT_MAX } from "#libs/contracts/limits.ts";
import { channels as ownChannels } from "#libs/contracts/topics.ts";
import { channelNameOf, findChannel } from "#libs/dialects/8x8/channel-names.ts";
import { mayReport } from "#libs/dialects/8x8/reported-statuses.ts";
import {
  FALLBACK_AFTER_MAX,
  FALLBACK_AFTER_MIN,
  isTimed,
  WANTED,
} from "#libs/dialects/8x8/send/parse-channels.ts";
import { givenParser, ShapeError } from "#libs/json/parse-given.ts";
import { Title } from "#libs/settings/bodies/members.ts";

const strict = { additionalProperties: false };

const NamedChannel = Type.Object(
  {
    channel: Type.Enum(ownChannels.map(channelNameOf)),
    // Stands for the sender, as in a request.
    channelId: Type.Optional(Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX })),
    fallbackAfter: Type.Optional(
      Type.Integer({ minimum: FALLBACK_AFTER_MIN, maximum: FALLBACK_AFTER_MAX }),
    ),
    successStatus: Type.Optional(Type.Enum(["Accepted", "Sent", "Delivered", "Read"])),
  },
  strict,
);
type NamedChannel = Static<typeof NamedChannel>;

const Flow = Type.Object(
  {
    name: Type.Optional(Title),
    channels: Type.Array(NamedChannel, { minItems: 1, maxItems: STEP_COUNT_MAX }),
  },
  strict,
);

const parse = givenParser(Flow);

/** Throws ShapeError with all that is wrong. */
export function readFlow(given: unknown): object {
  const { channels, ...named } = parse(given);
  const wrong = [...channels.entries()].filter(([, { channel, successStatus }]) => {
    const wanted = WANTED.get(successStatus);
    return wanted && !mayReport(channel, wanted);
  });
  if (wrong.length === 0) {
    const last = channels.length - 1;
    return { ...named, steps: channels.map((each, index) => toStep(each, index === last)) };
  }
  throw new ShapeError(
    wrong.map(([index]) => ({
      path: `/channels/${index}/successStatus`,
      words: "is one that the channel never reports",
      keyword: "reported",
    })),
  );
}

/** A wait that is left out is the account's default; the last channel has none. */
function toStep(named: NamedChannel, isLast: boolean): object {
  const { channel: name, channelId: sender, fallbackAfter, successStatus } = named;
  const usual = mayReport(name, "DELIVERED") ? "DELIVERED" : "SENT";
  const wanted = WANTED.get(successStatus) ?? usual;
  const waitSeconds = isTimed(wanted, { isLast }) ? fallbackAfter : null;
  return {
    channel: findChannel(name),
    ...(sender !== undefined && { sender }),
    ...(!isLast && waitSeconds !== undefined && { waitSeconds }),
    wanted,
  };
}
