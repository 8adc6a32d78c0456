// `SendChatappMassMessage`: one template to many, each with variables of their own.
import { ApiError, invalid, missing } from "#libs/dialects/alibaba/api-error.ts";
import { type GivenParameters, parameterParser } from "#libs/dialects/alibaba/read-parameters.ts";
import { messageIdsOf, newBatchId } from "#libs/dialects/batch-ids.ts";
import type { ReadSend } from "#libs/dialects/dialect.ts";
import { isObject } from "#libs/json/json-object.ts";
import type { Account } from "#libs/settings/account.ts";
import { takeTurns } from "#libs/take-turns.ts";
import { MassParameters, MassSender, SENDER_COUNT_MAX } from "./parameters.ts";
import { toJudged } from "./parse-send.ts";

const parseShared = parameterParser(MassParameters);
const parseSender = parameterParser(MassSender);

export type ParsedMass = { messages: ReadSend[]; groupMessageId: string };

/**
 * All of them, or none: Alibaba's answer has no room to say which were not taken. Throws ApiError for
 * the first that is wrong, with its place in the list.
 */
export async function parseMass(
  given: GivenParameters,
  { account, now }: { account: Account; now: number },
): Promise<ParsedMass> {
  const { SenderList, ...others } = given;
  const parameters = parseShared(others);
  const senders = listOf(SenderList);
  const batchId = newBatchId(senders.length);
  const ids = messageIdsOf(batchId) ?? [];
  const parsed: ParsedMass = { messages: [], groupMessageId: batchId };
  const turn = takeTurns();
  for (const [index, sender] of senders.entries()) {
    await turn();
    const sending = { account, messageId: ids[index] ?? "", batchId, now };
    const message = atPlace(index, () => {
      if (!isObject(sender)) throw invalid("SenderList", "must be a list of objects");
      return toJudged({ ...parameters, Type: "template", ...parseSender(sender) }, sending);
    });
    parsed.messages.push(message);
  }
  return parsed;
}

function listOf(given: unknown): readonly unknown[] {
  if (given === undefined) throw missing("SenderList");
  const words = `must be a list of 1 to ${SENDER_COUNT_MAX} recipients`;
  if (!Array.isArray(given) || given.length < 1 || given.length > SENDER_COUNT_MAX) {
    throw invalid("SenderList", words);
  }
  return given;
}

function atPlace<T>(index: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { status, code, message } = error;
    throw new ApiError(status, code, `SenderList[${index}]: ${message}`);
  }
}
