// A customer who knows only the HTTP API.
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

const authorization = "Bearer demo-key";
const TIMEOUT_MS = 30_000;

const Sent = Type.Object({ umid: Type.String() });
const MessageView = Type.Object({
  phase: Type.String(),
  outcome: Type.Optional(Type.String()),
  revision: Type.Integer(),
  attempts: Type.Array(
    Type.Object({
      channel: Type.String(),
      status: Type.Optional(Type.String()),
      errorCode: Type.Optional(Type.String()),
    }),
  ),
  story: Type.Array(
    Type.Object({
      type: Type.String(),
      rule: Type.String(),
      attemptIndex: Type.Optional(Type.Integer()),
      text: Type.String(),
    }),
  ),
});

/** Sends a message in 8x8's dialect and returns its id. Rejects with the answer if it is refused. */
export async function sendMessage(apiUrl: string, body: unknown): Promise<string> {
  const answer = await call(`${apiUrl}/api/v1/subaccounts/demo/messages`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return Value.Parse(Sent, answer).umid;
}

/** The message as the native API shows it, with its story. */
export async function readMessage(
  apiUrl: string,
  messageId: string,
): Promise<Static<typeof MessageView>> {
  const url = `${apiUrl}/ft/v1/messages/${messageId}`;
  return Value.Parse(MessageView, await call(url, { headers: { authorization } }));
}

async function call(url: string, request: RequestInit): Promise<unknown> {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  return response.json();
}
