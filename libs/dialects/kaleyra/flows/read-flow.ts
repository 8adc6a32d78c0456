// A flow of an account's settings in the words of Kaleyra's wizard: a title and two channels, published.
import { type Static, Type } from "typebox";
import { givenParser, ShapeError } from "#libs/json/parse-given.ts";
import { Title } from "#libs/settings/bodies/members.ts";
import { FirstChannel, SecondChannel } from "./body.ts";
import { flowChannels } from "./choices.ts";

const Flow = Type.Object(
  {
    title: Title,
    // Settings that are applied are in force: a draft is made in the wizard's own paths.
    status: Type.Optional(Type.Literal("PUBLISHED")),
    firstChannel: FirstChannel,
    secondChannel: SecondChannel,
  },
  { additionalProperties: false },
);

const parse = givenParser(Flow);

/** Whether senders and templates are there is for whoever has the account. Throws ShapeError. */
export function readFlow(given: unknown): object {
  const { title: name, firstChannel: first, secondChannel: second } = parse(given);
  const other = flowChannels.find((each) => each !== first.channel) ?? first.channel;
  if (second.channel !== undefined && second.channel !== other) {
    const words = `must be ${other}: each channel can be configured once`;
    throw new ShapeError([{ path: "/secondChannel/channel", words, keyword: "const" }]);
  }
  return { name, steps: [toStep(first), toStep({ ...second, channel: other })] };
}

function toStep({ channel, from, template, delay }: Static<typeof FirstChannel>): object {
  return { channel, sender: from, template, waitSeconds: delay };
}
