// A flow of an account's settings in Dispatch's words: a workflow, without whom it is for and what it
// says. An item's channel is that of `from`.
import { type Static, Type } from "typebox";
import { NAME_LENGTH_MAX, STEP_COUNT_MAX } from "#libs/contracts/limits.ts";
import { givenParser, ShapeError } from "#libs/json/parse-given.ts";
import { Title } from "#libs/settings/bodies/members.ts";
import { dispatchChannels, dispatchTypes } from "../channels.ts";
import { Failover } from "../request/body.ts";
import { WANTED } from "../request/to-request.ts";

const strict = { additionalProperties: false };
const Sender = Type.Optional(Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX }));

const Item = Type.Object(
  {
    from: Type.Object({ type: Type.Enum(dispatchTypes), number: Sender, id: Sender }, strict),
    failover: Type.Optional(Failover),
  },
  strict,
);

const Flow = Type.Object(
  {
    name: Type.Optional(Title),
    template: Type.Literal("failover"),
    workflow: Type.Array(Item, { minItems: 1, maxItems: STEP_COUNT_MAX }),
  },
  strict,
);

const parse = givenParser(Flow);

/** Throws ShapeError. */
export function readFlow(given: unknown): object {
  const { name, workflow } = parse(given);
  const last = workflow.length - 1;
  const faults = workflow.flatMap(({ from, failover }, index) => {
    if (from.type === "sms" && failover?.condition_status === "read") return [smsRead(index)];
    if ((failover === undefined) === (index === last)) return [];
    const words = index === last ? "must not be there: nothing follows" : "must be there";
    return [{ path: `/workflow/${index}/failover`, words, keyword: "required" }];
  });
  if (faults.length > 0) throw new ShapeError(faults);
  return { ...(name !== undefined && { name }), steps: workflow.map(toStep) };
}

/** As in a request. */
function smsRead(index: number) {
  const words = "must be delivered: nobody says that an SMS is read";
  return { path: `/workflow/${index}/failover/condition_status`, words, keyword: "enum" };
}

function toStep({ from, failover }: Static<typeof Item>): object {
  const { channel, sender: member } = dispatchChannels[from.type];
  const sender = from[member];
  return {
    channel,
    ...(sender !== undefined && { sender }),
    ...(failover && {
      waitSeconds: failover.expiry_time,
      wanted: WANTED[failover.condition_status],
    }),
  };
}
