import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

const SentCalls = Type.Array(
  Type.Object({
    channel: Type.String(),
    recipient: Type.String(),
    sender: Type.Union([Type.String(), Type.Null()]),
    text: Type.String(),
    commandId: Type.String(),
    ttlSeconds: Type.Union([Type.Integer(), Type.Null()]),
    providerMessageId: Type.Union([Type.String(), Type.Null()]),
    attempts: Type.Integer(),
    receivedAt: Type.Integer(),
  }),
);

/** What the simulated carriers took or refused, oldest first; of one recipient if it is given. */
export async function sentCalls(
  carrierUrl: string,
  recipient?: string,
): Promise<Static<typeof SentCalls>> {
  const query = recipient === undefined ? "" : `?recipient=${recipient}`;
  const response = await fetch(`${carrierUrl}/sent${query}`);
  return Value.Parse(SentCalls, await response.json());
}
