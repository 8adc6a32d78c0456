// The binds of a connection: how many, of which kind, where to, and who hears of their state.
import type { BindMode } from "#libs/smpp/bind.ts";
import { type BindState, type KeptBind, keepBound } from "#libs/smpp/kept-bind.ts";
import { openPool, type Pool } from "#libs/smpp/pool.ts";
import { statusText } from "#libs/smpp/statuses.ts";
import type { Line } from "../provider.ts";
import type { SmppCredentials, SmppOptions } from "./access.ts";
import { takingDeliveries } from "./deliveries.ts";
import { bindGauge, oddPduCounter, refusedBindCounter } from "./metrics.ts";
import { socketAddress } from "./socket-address.ts";

export type SmppLine = Line & { options: SmppOptions; credentials: SmppCredentials };

const MODES: Readonly<Record<SmppOptions["bind"], readonly BindMode[]>> = {
  transceiver: ["transceiver"],
  pair: ["transmitter", "receiver"],
};

/** Begins to bind at once, and goes on until it is disposed. */
export function openBinds(line: SmppLine): Pool {
  const { options, credentials, provider, log, timeoutMs, connectSocket } = line;
  const { systemId, password } = credentials;
  const told = {
    responseMs: timeoutMs,
    enquireMs: options.enquireSeconds * 1_000,
    onDelivery: takingDeliveries(line),
    onOdd(why: string) {
      oddPduCounter.inc({ provider });
      log.warn({ provider, why }, "an odd PDU");
    },
  };
  const modes = Array.from({ length: options.binds }, () => MODES[options.bind]).flat();
  return openPool({
    windowSize: options.window,
    open: (onState) =>
      modes.map((mode) =>
        keepBound({
          ...told,
          mode,
          login: { systemId, password, systemType: options.systemType },
          // An address that is none leaves the line down, and tells why.
          connect: async (signal) => connectSocket(socketAddress(options, credentials), signal),
          onState(state) {
            tell(state, { provider, log, mode });
            onState(state);
          },
        }),
      ),
  });
}

/** None of them: the connection is closed. */
export function countStates(provider: string, lines: readonly KeptBind[]): void {
  const states = lines.map((line) => line.state());
  for (const state of ["bound", "connecting", "down"]) {
    const count = states.filter(({ type }) => type === state).length;
    bindGauge.set({ provider, state }, count);
  }
}

function tell(
  state: BindState,
  { provider, log, mode }: Pick<Line, "provider" | "log"> & { mode: BindMode },
): void {
  if (state.type === "bound") log.info({ provider, mode }, "bound");
  if (state.type !== "down") return;
  const { why, status } = state;
  // Wrong credentials need a person; an SMSC that is away comes back.
  log[status === undefined ? "warn" : "error"]({ provider, mode, why }, "a bind is down");
  if (status !== undefined) refusedBindCounter.inc({ provider, status: statusText(status) });
}
