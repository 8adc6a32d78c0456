// `POST /v1/messages`: one message, and those that follow where it is rejected.
import type { ReadSend, Sending } from "#libs/dialects/dialect.ts";
import { toldWarning } from "#libs/dialects/told-warning.ts";
import { judge } from "#libs/judgement/judge.ts";
import { uuidAt, workflowIdOf } from "../message-uuids.ts";
import { errorOfFaults, memberPathOf } from "./error-of-faults.ts";
import { readBody } from "./read-body.ts";
import { toRequest } from "./to-request.ts";

export type SentAnswer = { message_uuid: string; workflow_id?: string };
export type ParsedSend = ReadSend & { answer: SentAnswer };

/** What is to be sent, what is to be known of it, and Vonage's answer. Throws VonageError. */
export function parseSend(given: unknown, sending: Sending): ParsedSend {
  const { account, messageId, now } = sending;
  const { body, messages } = readBody(given);
  const { request, faults, ...judged } = judge(toRequest(messages, sending), { account, now });
  const error = errorOfFaults(faults, messages);
  if (error) throw error;
  const workflow = body.failover ? { workflow_id: workflowIdOf(messageId) } : {};
  const warnings = judged.warnings.map((each) =>
    toldWarning(each, { path: memberPathOf(each, messages) }),
  );
  return { request, warnings, answer: { message_uuid: uuidAt(messageId, 0), ...workflow } };
}
