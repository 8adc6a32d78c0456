// What a step may have of its own; what it does not have is the message's.
import type { Content, Recipient, SendRequest, Step } from "./generated/types.ts";

/** Only a request can give it to a step: flows are for everyone. */
export type OwnOfStep = Pick<Step, "content" | "recipient" | "callbackUrl" | "clientMessageId">;

/** Of a step that is as its message in all of that. */
export const nothingOwn: OwnOfStep = {
  content: null,
  recipient: null,
  callbackUrl: null,
  clientMessageId: null,
};

/** What the step at `index` says. */
export function stepContent(
  { steps, content }: Pick<SendRequest, "steps" | "content">,
  index: number,
): Content {
  return steps[index]?.content ?? content;
}

/** Whom the step at `index` reaches. */
export function stepRecipient(
  { steps, recipient }: Pick<SendRequest, "steps" | "recipient">,
  index: number,
): Recipient {
  return steps[index]?.recipient ?? recipient;
}

/** The sender's own id of the step at `index`. */
export function stepClientMessageId(
  { steps, clientMessageId }: Pick<SendRequest, "steps" | "clientMessageId">,
  index: number,
): string | null {
  return steps[index]?.clientMessageId ?? clientMessageId;
}
