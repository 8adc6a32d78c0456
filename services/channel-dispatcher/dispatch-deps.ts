// What dispatching needs of the world.
import type { Codec } from "#libs/contracts/codec.ts";
import type {
  DispatchCommand,
  MessageState,
  StatusReport,
} from "#libs/contracts/generated/types.ts";
import type { ClaimStore } from "#libs/dispatch-store/claims.ts";
import type { ReserveCall } from "#libs/dispatch-store/rate-limit.ts";
import type { RetryQueue } from "#libs/dispatch-store/retry-queue.ts";
import type { ProviderAdapter } from "#libs/providers/provider-adapter.ts";

export type DispatchDeps = {
  channel: string;
  adapter: ProviderAdapter;
  claims: ClaimStore;
  /** How long another dispatcher may hold a command, ms. */
  leaseMs: number;
  retries: RetryQueue;
  reserve: ReserveCall;
  commandCodec: Codec<DispatchCommand>;
  reportCodec: Pick<Codec<StatusReport>, "encode">;
  /** The message's state, null if Redis has none, and the shard's clock. */
  loadState(messageId: string): Promise<{ state: MessageState | null; nowMs: number }>;
  publish(report: EncodedReport): Promise<void>;
  timeScale: number;
  /** Aborted when the dispatcher stops: what has not been called for is left to the next one. */
  stopping: AbortSignal;
  inHand: InHand;
};

type EncodedReport = { messageId: string; report: Buffer; traceparent: string | undefined };

/** What this process itself knows of its claims. */
type InHand = {
  /** Commands that are being handled now. */
  running: Set<string>;
  /** Commands whose provider was called, and whose answer is not kept yet. */
  unanswered: Set<string>;
};

export type CommandInHand = {
  command: DispatchCommand;
  traceparent: string | undefined;
  source: "topic" | "retry-queue";
};

/** `waits`: the retry queue has the command and will bring it back. */
export type End = "done" | "waits";
