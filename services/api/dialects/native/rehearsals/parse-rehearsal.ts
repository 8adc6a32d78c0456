// What is rehearsed, as the request that would go to Kafka if it were sent: it is checked as its
// dialect checks a message, with the same refusals and warnings.

import type { ReadSend, Sending } from "#libs/dialects/dialect.ts";
import { dialects } from "#libs/dialects/dialects.ts";
import { native } from "#libs/dialects/native/native.ts";
import { Problem } from "#libs/dialects/native/problem.ts";
import { inOwnWords } from "#libs/dialects/vendor-words.ts";
import { isObject } from "#libs/json/json-object.ts";
import { parseGiven, ShapeError } from "#libs/json/parse-given.ts";
import { type Limits, NO_LIMITS } from "#libs/settings/bodies/limits.ts";
import { RehearsalBody } from "./rehearsal-body.ts";

/** No country has this code. */
const NUMBER = "+999000000";
/** Stands for whoever a flow may be used for: reachable on every channel, of no known country. */
const ANYONE = {
  channelUserIds: { whatsapp: "anyone", viber: "anyone", rcs: NUMBER, sms: NUMBER },
};
/** Stands for whatever a flow may say: a text that is one SMS. */
const ANYTHING = { text: "Rehearsal" };

export type GivenRehearsal = ReadSend & Pick<RehearsalBody, "behaviours"> & { isMessage: boolean };
type Context = Omit<Sending, "flowId">;

/**
 * Throws SettingRefusal, ShapeError or Problem for what is no rehearsal, and SendRefused for what the
 * dialect would not accept.
 */
export async function parseRehearsal(given: unknown, context: Context): Promise<GivenRehearsal> {
  const { behaviours, ...body } = parseGiven(RehearsalBody, withOwnFlow(given));
  const isMessage = body.message !== undefined;
  const read = await (isMessage ? readMessage(body, context) : readFlow(body, context));
  return { ...read, behaviours, isMessage };
}

async function readMessage(body: Rehearsed, context: Context): Promise<ReadSend> {
  const { dialect, message, flow, flowId = null } = body;
  const read = await dialects[dialect].readSend(message, { ...context, flowId });
  if (flow || (flowId !== null && read.request.flowId !== flowId)) throw notOne();
  return read;
}

async function readFlow({ flow, flowId }: Rehearsed, context: Context): Promise<ReadSend> {
  if ((flow === undefined) === (flowId === undefined)) throw notOne();
  const sent = { recipient: ANYONE, content: ANYTHING };
  const body = flow ? { ...sent, steps: flow.steps } : { ...sent, flowId };
  const account = { ...context.account, limits: limitsForAnyone(context.account) };
  const { request, warnings } = await native.readSend(body, { ...context, account, flowId: null });
  return { request, warnings: warnings.filter(({ path }) => !path.startsWith("/recipient")) };
}

/** Nothing that depends on whom it is sent to can be said of a flow. */
function limitsForAnyone({ limits }: Context["account"]): Limits {
  return { ...NO_LIMITS, senders: limits.senders };
}

type Rehearsed = Omit<RehearsalBody, "behaviours">;

function notOne(): Problem {
  return new Problem("invalid", "Give one of message, flow and flowId.");
}

/** With the flow's faults where they are in the body. */
function withOwnFlow(given: unknown): unknown {
  if (!isObject(given)) return given;
  try {
    return { ...given, ...("flow" in given && { flow: inOwnWords("flows", given["flow"]) }) };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new ShapeError(error.faults.map((each) => ({ ...each, path: `/flow${each.path}` })));
  }
}
