// One bind that is kept: connected, bound, and again for ever after it ended.
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type BindMode, bindSession, type Login } from "./bind.ts";
import { reconnectDelayMs } from "./reconnect-delay.ts";
import { openSession, type Session, type SessionOptions } from "./session.ts";

/** What held for so long was no failure: the next pause is the shortest again. */
const STEADY_MS = 10_000;
/** So long the requests in hand may take when a line is closed. */
const DRAIN_MS_MAX = 5_000;

export type BindState =
  /** `why`: why it was down before; undefined for the first time. */
  | { type: "connecting"; why: string | undefined }
  | { type: "bound"; session: Session }
  /** `status`: what the peer refused the bind with. `retryAt` by this process's monotonic clock, ms. */
  | { type: "down"; why: string; status: number | undefined; retryAt: number }
  | { type: "closed" };

export type KeptBindOptions = SessionOptions & {
  mode: BindMode;
  login: Login;
  /** Rejects within its own time. */
  connect: (signal: AbortSignal) => Promise<Socket>;
  onState: (state: BindState) => void;
};

export type KeptBind = AsyncDisposable & { mode: BindMode; state(): BindState };

/** Begins at once. Disposal drains, unbinds and closes. */
export function keepBound(options: KeptBindOptions): KeptBind {
  const closing = new AbortController();
  let state: BindState = { type: "connecting", why: undefined };
  let failureCount = 0;
  const over = run();
  return {
    mode: options.mode,
    state: () => state,
    async [Symbol.asyncDispose]() {
      closing.abort();
      await over;
    },
  };

  function become(next: BindState): void {
    state = next;
    options.onState(next);
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const startedAt = performance.now();
      const { why, status } = await live();
      if (closing.signal.aborted) break;
      if (performance.now() - startedAt > STEADY_MS && status === undefined) failureCount = 0;
      const delayMs = reconnectDelayMs(failureCount++, Math.random());
      become({ type: "down", why, status, retryAt: performance.now() + delayMs });
      await sleep(delayMs, undefined, { signal: closing.signal }).catch(() => undefined);
      if (!closing.signal.aborted) become({ type: "connecting", why });
    }
    become({ type: "closed" });
  }

  /** From connecting to the end of the session, and why it ended. */
  async function live(): Promise<{ why: string; status?: number }> {
    try {
      const session = openSession(await options.connect(closing.signal), options);
      const isClosing = Promise.withResolvers<undefined>();
      const stop = () => isClosing.resolve(undefined);
      closing.signal.addEventListener("abort", stop);
      if (closing.signal.aborted) stop();
      const end = await Promise.race([use(session), isClosing.promise]);
      closing.signal.removeEventListener("abort", stop);
      await session.stop(DRAIN_MS_MAX);
      return end ?? { why: "closed" };
    } catch (error) {
      return { why: error instanceof Error ? error.message : String(error) };
    }
  }

  async function use(session: Session): Promise<{ why: string; status?: number }> {
    const bound = await bindSession(session, options.mode, options.login);
    if (bound.type !== "bound") return bound;
    become({ type: "bound", session });
    return { why: await session.ended };
  }
}
