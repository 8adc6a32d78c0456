/** What one client can cost every HTTP listener, each with its reason. */
export const listenerLimits = {
  /** Request line and headers; Node's own default. A path of ours with the longest id needs 2.4 KiB. */
  headerBytesMax: 16 * 1024,
  /** A message id of 256 characters, as it is written in a path: those of Kafka may be anything. */
  pathPartLengthMax: 256 * 9,
  /** From the connection, or the end of the request before, to the last header. */
  headersMs: 10_000,
  /** From the first byte to the last: even a batch of 16 MiB needs no more than 9 Mbit/s. */
  requestMs: 15_000,
  /** How often the two above are looked at; Node's 30 s would make 45 of the 15. */
  checkMs: 1_000,
  /** Between requests. Longer than the 60 s of usual load balancers, who would use a closed one. */
  idleMs: 72_000,
  /** Without a byte in either direction, as where nobody reads the answer. */
  silenceMs: 30_000,
  /**
   * Of silence while an answer is made. Far above the longest (a batch of 10,000 took 31 s on a machine
   * that was busy with other things): whoever is cut off repeats what was taken.
   */
  answerMs: 120_000,
  /** How long what a refused client still sends is read and dropped, so that it can read why. */
  lingerMs: 5_000,
  /** A connection that dribbles a body costs some 70 KiB: all of them 140 MiB. */
  connectionCountMax: 2_000,
} as const;
