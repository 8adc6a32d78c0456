// What `send`'s options ask of the API.
import { InvalidArgumentError } from "commander";
import { channels } from "#libs/contracts/topics.ts";
import { usageFault } from "./faults.ts";

const WANTED = ["accepted", "sent", "delivered", "read"];

/** A wait that is left out is the account's default; null means that only a report ends the step. */
type Step = { channel: string; waitSeconds?: number | null; wanted?: string };
export type SendFlags = { to?: string; text?: string; step?: Step[]; flow?: string };

/** `whatsapp:60:read`, of which the channel must be there. Throws for commander to tell. */
export function parseStep(text: string): Step {
  const [channel = "", wait = "", wanted = "", ...rest] = text.toLowerCase().split(":");
  if (!channels.some((known) => known === channel) || rest.length > 0) {
    throw new InvalidArgumentError(
      `It begins with one of ${channels.join(", ")}: whatsapp:60:read.`,
    );
  }
  if (wait !== "" && wait !== "none" && !/^[1-9]\d*$/.test(wait)) {
    throw new InvalidArgumentError("The wait is in whole seconds, or `none`: whatsapp:60:read.");
  }
  if (wanted !== "" && !WANTED.includes(wanted)) {
    throw new InvalidArgumentError(`What counts is one of ${WANTED.join(", ")}: whatsapp:60:read.`);
  }
  return {
    channel,
    ...(wait !== "" && { waitSeconds: wait === "none" ? null : Number(wait) }),
    ...(wanted !== "" && { wanted: wanted.toUpperCase() }),
  };
}

/** The options on top of what a file says. Throws Fault for a message to nobody or of nothing. */
export function toSendBody({ to, text, step, flow }: SendFlags, file: object = {}): object {
  const body = {
    ...file,
    ...(to !== undefined && { recipient: { msisdn: to } }),
    ...(text !== undefined && { content: { text } }),
    ...(step && { steps: step }),
    ...(flow !== undefined && { flowId: flow }),
  };
  if (!("recipient" in body)) throw usageFault("Whom is it for? Give --to or --file.");
  if (!("content" in body)) throw usageFault("What does it say? Give --text or --file.");
  return body;
}
