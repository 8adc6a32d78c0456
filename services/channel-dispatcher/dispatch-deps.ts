// What dispatching needs of the world.
import type { Bell } from "#libs/bell.ts";
import type { Codec } from "#libs/contracts/codec.ts";
import type {
  DispatchCommand,
  LeftAttempt,
  StatusReport,
} from "#libs/contracts/generated/types.ts";
import type { Lanes } from "#libs/dispatch-store/lanes.ts";
import type { Taken } from "#libs/dispatch-store/replies.ts";
import type { ConsumerHealth } from "#libs/kafka/consumer-health.ts";
import type { ProviderIds } from "#libs/provider-ids/provider-ids.ts";
import type { ProviderAdapter } from "#libs/providers/provider-adapter.ts";
import type { Account } from "#libs/settings/account.ts";
import type { Log } from "#libs/telemetry/log.ts";
import type { CallPlaces } from "./call-places.ts";
import type { Circuits } from "./circuits.ts";
import type { KnownShard, LoadedState } from "./load-state.ts";
import type { Route } from "./routes.ts";

export type DispatchDeps = {
  channel: string;
  /** Who may be called for a command, in order, by the connections that its account has now. */
  routesFor: (command: DispatchCommand) => readonly Route[];
  /** Who took an attempt, if that can still be asked. */
  takerOf: (left: LeftAttempt, accountId: string) => ProviderAdapter | undefined;
  findAccount: (accountId: string) => Pick<Account, "codeRules"> | undefined;
  lanes: Lanes;
  /** What is known of connections that are down. */
  circuits: Circuits;
  providerIds: Pick<ProviderIds, "linkAll">;
  places: CallPlaces;
  /** Rings when there may be something to take. */
  bell: Bell;
  /** A call that begins later than this after its claim could outlast the claim's lease, ms. */
  beginWithinMs: number;
  commandCodec: Pick<Codec<DispatchCommand>, "read" | "encode">;
  reportCodec: Pick<Codec<StatusReport>, "encode">;
  /** What Redis knows of each message's shard. Throws ShardClosedError. */
  knownShards: (messageIds: readonly string[]) => Promise<KnownShard[]>;
  /** The message's state, null if Redis has none, and the earlier of the shard's clock and this process'. */
  loadState: (messageId: string) => Promise<LoadedState>;
  publish: (report: EncodedReport) => Promise<void>;
  /** Puts a command that cannot be handled where a person finds it. */
  bury: (taken: Taken, fault: unknown) => Promise<void>;
  timeScale: number;
  /** Aborted when the dispatcher stops: what has not been called for is left to the next one. */
  stopping: AbortSignal;
  inHand: InHand;
  health: ConsumerHealth;
  log: Log;
};

type EncodedReport = { messageId: string; report: Buffer; traceparent: string | undefined };

/** What this process itself knows of its claims. */
type InHand = {
  /** Commands that are being handled now. */
  running: Set<string>;
  /** Who was called for a command, as their reports name them, where the answer is not kept yet. */
  unanswered: Map<string, string>;
  /** Commands that are done, which the lanes are told with the next look at them. */
  done: Set<string>;
};

export type CommandInHand = {
  command: DispatchCommand;
  taken: Taken;
  routes: readonly Route[];
  /** An earlier claim ended without an answer, maybe after its call. */
  isAbandoned: boolean;
  /** By this process's monotonic clock, ms. */
  beginBefore: number;
};

/** `waits`: the lanes will bring the command back. */
export type End = "done" | "waits";
