// A connection tried out without calling anybody: what it would ask for a message, what it makes of an
// answer, and of a receipt. The dispatchers' and the receipt-bridge's own code does it.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { RawPost } from "#libs/providers/authentication/proof.ts";
import { boundAnswer } from "#libs/providers/bound-answer.ts";
import type { Access, Line, Reporting } from "#libs/providers/provider.ts";
import type { ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { masking, maskSecrets } from "./mask-secrets.ts";
import { type GivenAnswer, type RecordedCall, Recorder } from "./recorder.ts";

type Opened = {
  access: Access;
  reporting: Reporting;
  /** Of its credentials. */
  secrets: readonly string[];
  log: Log;
};

export type DryCall = { requests: RecordedCall[]; answer: ProviderAnswer };

/** For a provider that speaks HTTP. Secrets are masked, in what the answer would be told as too. */
export async function dryCall(
  { access, reporting, secrets, log }: Opened,
  command: DispatchCommand,
  given: GivenAnswer,
): Promise<DryCall> {
  const recorder = new Recorder(given);
  await using adapter = access.connect({ ...NOWHERE, ...reporting, agent: recorder, log });
  const answer = boundAnswer(await adapter.dispatch(command, () => true));
  const mask = masking(secrets);
  return {
    requests: recorder.calls.map((call) => maskSecrets(call, secrets)),
    answer: "text" in answer ? { ...answer, text: mask(answer.text) } : answer,
  };
}

/** Undefined where its receipts do not come by HTTP. */
export async function dryReceipt(
  { access, reporting }: Pick<Opened, "access" | "reporting">,
  post: RawPost,
  now: number,
) {
  const receipts = access.receipts?.(reporting);
  if (!receipts) return undefined;
  const isProven = receipts.authenticate(post, now);
  const body = receipts.comeAsQueries ? Buffer.from(post.query ?? "") : post.body;
  const { reports, oddities } = await receipts.parse(body, now);
  return { isProven, reports, oddities, answer: receipts.answer };
}

/** Whoever takes receipts on its line is no provider over HTTP: nothing of this is asked for. */
const NOWHERE: Omit<Line, "agent" | "log" | keyof Reporting> = {
  timeoutMs: 1_000,
  connectSocket: () => Promise.reject(new Error("A dry run opens no connection.")),
  takeReceipts: async () => undefined,
};
