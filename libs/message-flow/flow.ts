// What moving messages needs, once for each service.
import type { Contracts } from "#libs/contracts/registry.ts";
import type { FallbackRules } from "#libs/fallback/inputs.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import type { DeadLettersTold } from "#libs/kafka/lately-told.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import type { Settings } from "#libs/settings/account.ts";
import type { Log } from "#libs/telemetry/log.ts";

export type Flow = {
  store: FlowStore;
  producer: Producer;
  contracts: Contracts;
  settings: Settings;
  rules: FallbackRules;
  /** Multiplies every wait; 1 outside demonstrations and tests. */
  timeScale: number;
  /** Hears of each message that was refused for limits of the operator's; absent: nobody does. */
  onLimited?: (accountId: string, codes: readonly string[]) => void;
  log: Log;
  /** What was set aside, for as long as it is told. */
  letters: DeadLettersTold;
};
