import { openKafkajsReader } from "./kafkajs/kafkajs-reader.ts";
import type { Reader, ReaderOptions } from "./reader.ts";

/**
 * The reader, whichever client reads. Platformatic is loaded where it is chosen, as for a producer. Throws RetriableError
 * when Kafka is away, or does not know a topic yet; ConfigError where it refuses us.
 */
export async function openReader(options: ReaderOptions): Promise<Reader> {
  if (options.kafka.library !== "platformatic") return openKafkajsReader(options);
  const { openPlatformaticReader } = await import("./platformatic/platformatic-reader.ts");
  return openPlatformaticReader(options);
}
