// What this process knows of connections that are down: notes how calls end, and tells of it in the
// log, in metrics and beside readiness. All dispatchers of a channel agree in Redis.
import { connectionFault } from "#libs/dispatch-rules/connection-fault.ts";
import type { CallEnd, Lanes } from "#libs/dispatch-store/lanes.ts";
import type { ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import { isTheOperators } from "#libs/settings/usable-connections.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { circuitCounter, downGauge } from "./metrics.ts";
import type { Route } from "./routes.ts";

/** A trial after 5, 10, 20, 40 s, then every minute, for ever. */
const OPEN_MS = 5_000;
const OPEN_MAX_MS = 60_000;
const TOLD_COUNT_MAX = 20;

type Options = {
  channel: string;
  lanes: Pick<Lanes, "noteEnd">;
  timeScale: number;
  log: Log;
};

export type Circuits = {
  /** Notes how a call ended. `hasFailed`: an earlier one of the connection had a fault. */
  note(call: { route: Route; hasFailed: boolean }, answer: ProviderAnswer): Promise<void>;
  /** One sentence for each connection that is down, by what this process has seen of it. */
  degraded(): readonly string[];
};

/** The circuits of one channel's connections, as one process sees them. */
export function connectionCircuits({ channel, lanes, timeScale, log }: Options): Circuits {
  /** By what their reports name. */
  const down = new Map<string, { sentence: string; until: number }>();
  const limits = { openMs: OPEN_MS * timeScale, openMaxMs: OPEN_MAX_MS * timeScale };
  return {
    async note({ route, hasFailed }, answer) {
      const { connection, owner: accountId, provider } = route;
      if (connection === null || answer.type === "late") return;
      const fault = connectionFault(answer);
      if (!fault && !hasFailed) return;
      const end: CallEnd = { why: fault?.why ?? null, countMax: fault?.countMax ?? 0, ...limits };
      const openMs = await lanes.noteEnd(provider, end);
      tell({ accountId, connection, provider, why: fault?.why ?? "" }, openMs);
    },
    degraded() {
      // Beyond twice its time another process tries it, or nobody has a message for it.
      for (const [provider, { until }] of down) if (performance.now() > until) forget(provider);
      return [...down.values()].slice(0, TOLD_COUNT_MAX).map(({ sentence }) => sentence);
    },
  };

  type Told = { accountId: string; connection: string; provider: string; why: string };

  function tell({ provider, ...told }: Told, openMs: number): void {
    const isDown = down.has(provider);
    if (openMs === 0) {
      forget(provider);
      if (isDown) log.info(told, "a connection is back");
      return;
    }
    const whose = isTheOperators(told) ? "the operator" : told.accountId;
    const sentence = `Connection ${told.connection} of ${whose} is down on ${channel}: ${told.why}`;
    down.set(provider, { sentence, until: performance.now() + 2 * openMs + 2 * OPEN_MAX_MS });
    downGauge.set({ channel }, down.size);
    if (isDown) return;
    circuitCounter.inc({ channel });
    log.warn({ ...told, openMs }, "a connection is down");
  }

  function forget(provider: string): void {
    down.delete(provider);
    downGauge.set({ channel }, down.size);
  }
}
