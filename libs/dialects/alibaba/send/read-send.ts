// A client's send, or the first message of a mass send, as it would be taken: its parameters by name, those
// of JSON as text or as what it says.
import { ApiError, apiErrorBody, invalid } from "#libs/dialects/alibaba/api-error.ts";
import { type GivenParameters, JSON_PARAMETERS } from "#libs/dialects/alibaba/read-parameters.ts";
import type { ReadSend, Sending } from "#libs/dialects/dialect.ts";
import { SendRefused } from "#libs/dialects/send-refused.ts";
import { isObject } from "#libs/json/json-object.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import { parseMass } from "./parse-mass.ts";
import { parseSend } from "./parse-send.ts";

/** Throws SendRefused. */
export async function readSend(given: unknown, sending: Sending): Promise<ReadSend> {
  try {
    return await readOne(parametersOf(given), sending);
  } catch (error) {
    throw error instanceof ApiError ? refused(error) : error;
  }
}

async function readOne(given: GivenParameters, { account, messageId, now }: Sending) {
  const { SenderList } = given;
  if (SenderList === undefined) {
    return parseSend(given, { account, messageId, batchId: null, now });
  }
  const first = Array.isArray(SenderList) ? SenderList.slice(0, 1) : SenderList;
  const { messages } = await parseMass({ ...given, SenderList: first }, { account, now });
  const [message] = messages;
  if (!message) throw invalid("SenderList", "has no recipient");
  return message;
}

function parametersOf(given: unknown): GivenParameters {
  if (!isObject(given)) throw invalid("", "must be parameters by name");
  const all = Object.entries(given).map(([name, value]) => {
    const isJson = JSON_PARAMETERS.includes(name) && typeof value === "string";
    return [name, isJson ? jsonOf(name, value) : value] as const;
  });
  return Object.fromEntries(all);
}

function jsonOf(name: string, text: string): unknown {
  const value = parseJson(text);
  if (value === undefined) throw invalid(name, "is not valid JSON");
  return value;
}

function refused(error: ApiError): SendRefused {
  const { status, code, message } = error;
  return new SendRefused(`${code}: ${message}`, { status, body: apiErrorBody(error, "") });
}
