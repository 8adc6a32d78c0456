// Bind: how a session begins (SMPP 3.4, section 4.1).

import type { Session } from "./session.ts";
import { statusText } from "./statuses.ts";

/** Some SMSCs ask a directory before they answer. */
const BIND_MS_MAX = 30_000;
/** SMPP 3.4, whatever else the peer may speak. */
const INTERFACE_VERSION = 0x34;

export type BindMode = "transceiver" | "transmitter" | "receiver";

export type Login = { systemId: string; password: string; systemType: string };

export type BindEnd =
  | { type: "bound" }
  /** The peer's word; `status` as the standard numbers it. */
  | { type: "refused"; status: number; why: string }
  | { type: "lost"; why: string };

/** Binds an open session. Never rejects: what the peer says, or that the line is lost, is the answer. */
export async function bindSession(
  session: Session,
  mode: BindMode,
  { systemId, password, systemType, withinMs = BIND_MS_MAX }: Login & { withinMs?: number },
): Promise<BindEnd> {
  const end = await session.request({
    command: `bind_${mode}`,
    withinMs,
    texts: { system_id: systemId, password, system_type: systemType },
    numbers: { interface_version: INTERFACE_VERSION },
  });
  if (end.type === "unsent") return { type: "lost", why: "the connection was closed" };
  if (end.type === "lost") return end;
  const { status } = end.pdu;
  if (status === 0) return { type: "bound" };
  return { type: "refused", status, why: `the bind was refused with ${statusText(status)}` };
}
