// How much is measured.

export type Plan = {
  roundCount: number;
  /** Messages, jobs, receipts of each measurement. */
  messageCount: number;
  /** Timers that stand in Redis, of which none is due, while others fire. */
  openTimerCount: number;
  /** Lives of messages with simulated carriers and every service. */
  lifeCount: number;
  /** What runs at a rate, or for a while, runs for so long before it is measured, so that its code is compiled. */
  warmUpSeconds: number;
  timersPerSecond: number;
  timerSeconds: number;
  /** Sends a second where latencies are compared: what every server keeps up with. */
  sendsPerSecond: number;
  sendSeconds: number;
  idleSeconds: number;
  /** Open messages that are restored, among ten times as many ended ones. */
  restoredCount: number;
  /** For how long the journal rests before it is restored: what came within the last minute is read twice. */
  restMs: number;
};

/** An hour and a quarter on two cores, ten of them for the budget. */
export const FULL: Plan = {
  roundCount: 5,
  messageCount: 50_000,
  openTimerCount: 10_000_000,
  lifeCount: 10_000,
  warmUpSeconds: 6,
  timersPerSecond: 2_000,
  timerSeconds: 15,
  sendsPerSecond: 400,
  sendSeconds: 8,
  idleSeconds: 10,
  restoredCount: 10_000,
  restMs: 61_000,
};

/** Two to three minutes on two usual cores, most of them to start and stop what is measured: one round, which shows that all of it works and gives no ratio. */
export const QUICK: Plan = {
  roundCount: 1,
  messageCount: 2_000,
  openTimerCount: 20_000,
  lifeCount: 500,
  warmUpSeconds: 1,
  timersPerSecond: 200,
  timerSeconds: 3,
  sendsPerSecond: 100,
  sendSeconds: 2,
  idleSeconds: 3,
  restoredCount: 500,
  restMs: 0,
};
