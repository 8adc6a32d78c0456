// The schemas that writers registered, by their ids, as one process knows them. An id that the
// registry lacks may be one that it is about to have: a follower of its database may be behind. So
// it is waited for, but not for long, and not again and again: a writer of ids that never exist must
// not hold up the others.
import type { Type } from "avsc";
import { cutItems } from "#libs/cut-items.ts";
import { RetriableError } from "#libs/errors.ts";

/** A writer's schema, or why it cannot be used: it is not Avro, say. */
export type WriterSchema = { type: Type } | { reason: string };

/** Asks the registry; undefined for an id that it does not know. Throws RetriableError. */
export type FindSchema = (schemaId: number) => Promise<WriterSchema | undefined>;

/** A missing id is asked for again after this. */
const ASK_AGAIN_MS = 1_000;
/** How long an id may be missing before what it wrote is poison. Replicas are behind by less. */
const PATIENCE_MS = 5_000;
/** For so long after a wait in vain nobody waits for another id: the registry is up to date. */
const IN_VAIN_MS = 60_000;
/** Ids asked for at once: a chunk may name 512. */
const ASK_COUNT_MAX = 16;
/** Missing ids that are remembered; beyond this a writer has gone wild. */
const MISSING_COUNT_MAX = 10_000;

export type WriterSchemas = {
  /**
   * Finds schemas by their ids; those that do not exist are left out. Throws RetriableError while
   * the registry cannot be asked, or one of them may still come.
   */
  findAll(schemaIds: readonly number[]): Promise<Map<number, WriterSchema>>;
};

type Missing = { sinceMs: number; askedAtMs: number };

/** `now` is a clock in ms that never goes back. */
export function writerSchemas(
  find: FindSchema,
  now: () => number = () => performance.now(),
): WriterSchemas {
  const missing = new Map<number, Missing>();
  let impatientUntilMs = 0;

  async function ask(schemaId: number): Promise<WriterSchema | undefined> {
    const known = missing.get(schemaId);
    if (known && now() - known.askedAtMs < ASK_AGAIN_MS) return undefined;
    const found = await find(schemaId);
    if (found) missing.delete(schemaId);
    else note(schemaId);
    return found;
  }

  function note(schemaId: number): void {
    if (missing.size >= MISSING_COUNT_MAX) missing.clear();
    const askedAtMs = now();
    missing.set(schemaId, { sinceMs: missing.get(schemaId)?.sinceMs ?? askedAtMs, askedAtMs });
  }

  /** Throws RetriableError where it is too early to give an id up. */
  function giveUp(schemaId: number): void {
    const waitedMs = now() - (missing.get(schemaId)?.sinceMs ?? now());
    if (waitedMs >= PATIENCE_MS) impatientUntilMs = now() + IN_VAIN_MS;
    else if (now() >= impatientUntilMs) {
      throw new RetriableError(`The registry knows no schema with id ${schemaId} yet.`);
    }
  }

  return {
    async findAll(schemaIds) {
      const found = new Map<number, WriterSchema>();
      for (const asked of cutItems(schemaIds, ASK_COUNT_MAX)) {
        await Promise.all(
          asked.map(async (schemaId) => {
            const schema = await ask(schemaId);
            if (schema) found.set(schemaId, schema);
          }),
        );
      }
      for (const schemaId of schemaIds) if (!found.has(schemaId)) giveUp(schemaId);
      return found;
    },
  };
}
