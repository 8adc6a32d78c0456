// Whether the SMSC knows us: a bind as transmitter, which takes no receipts from others, and its end.
import { type BindEnd, bindSession } from "#libs/smpp/bind.ts";
import { openSession } from "#libs/smpp/session.ts";
import { statuses } from "#libs/smpp/statuses.ts";
import type { ProbeResult, Probing } from "../provider.ts";
import type { SmppCredentials, SmppOptions } from "./access.ts";
import { socketAddress } from "./socket-address.ts";

type Given = { options: SmppOptions; credentials: SmppCredentials };

/** Who we are is not known there. Other refusals may come of a limit of binds, which are in use. */
const REFUSALS: ReadonlySet<number> = new Set([
  statuses.ESME_RINVPASWD,
  statuses.ESME_RINVSYSID,
  statuses.ESME_RINVSYSTYP,
]);

/** Takes `timeoutMs` for the connection, and as much for the bind, at most. Never rejects. */
export async function smppProbe(given: Given, probing: Probing): Promise<ProbeResult> {
  try {
    return resultOf(await tryBind(given, probing));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { state: "unreachable", words: `The SMSC cannot be reached: ${why}.` };
  }
}

async function tryBind(
  { options, credentials }: Given,
  { connectSocket, timeoutMs }: Probing,
): Promise<BindEnd> {
  const address = socketAddress(options, credentials);
  const session = openSession(await connectSocket(address, AbortSignal.timeout(timeoutMs)), {
    responseMs: timeoutMs,
    enquireMs: 2 * timeoutMs,
    onDelivery: async () => statuses.ESME_RX_T_APPN,
    onOdd: () => undefined,
  });
  const { systemId, password } = credentials;
  const login = { systemId, password, systemType: options.systemType, withinMs: timeoutMs };
  const end = await bindSession(session, "transmitter", login);
  await session.stop(0);
  return end;
}

function resultOf(end: BindEnd): ProbeResult {
  if (end.type === "bound") return { state: "works", words: "The SMSC takes the bind." };
  if (end.type === "lost") return { state: "unreachable", words: `The SMSC: ${end.why}.` };
  const words = `The SMSC answers: ${end.why}.`;
  return { state: REFUSALS.has(end.status) ? "refused" : "unclear", words };
}
