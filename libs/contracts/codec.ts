// The shape of a record type's bytes: Confluent wire format (a zero byte, the schema's id, Avro).

/**
 * Encodes and decodes one record type. Both directions are synchronous: they are the hot path.
 * `Given` is what a writer gives: `T`, or its `TInit` that leaves out fields with a default.
 */
export type Codec<T, Given = T> = {
  /** The registry's subject, `<topic>-value`. */
  readonly subject: string;
  /** Bytes in Confluent wire format. Throws a TypeError that names the field that does not fit. */
  encode(value: Given): Buffer;
  /**
   * Learns the writers' schemas of `values`, so that `decode` need not wait. Throws RetriableError
   * while the registry cannot be asked; an id that the registry does not know is left to `decode`.
   */
  learn(values: readonly Buffer[]): Promise<void>;
  /** Throws PoisonRecordError for bytes that no known schema can read. */
  decode(value: Buffer): T;
};
