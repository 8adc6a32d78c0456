// From the topic list to codecs. Schemas are registered by `migrate`, once for a deployment; services
// only look them up, so that a service with the wrong schemas cannot publish what nobody can read.
import type { RegistryConnection } from "#libs/config/connections.ts";
import { RetriableError } from "#libs/errors.ts";
import { compileSchema } from "./avro-type.ts";
import { withinBounds } from "./bounds.ts";
import type { Codec } from "./codec.ts";
import { digestCodec } from "./digest.ts";
import type { RecordTypes } from "./generated/types.ts";
import {
  admitDigest,
  admitRequestDigest,
  type JournalDigest,
  journalDigestFields,
  type RequestDigest,
  requestDigestFields,
} from "./journal-digest.ts";
import { admitRescued, type RescuedEntry, rescuedFields } from "./journal-rescue.ts";
import { recordCodec } from "./record-codec.ts";
import { type RegistryClient, registryClient } from "./registry-client.ts";
import { readSchema, type SchemaName } from "./schemas.ts";
import { subjectOf, topics } from "./topics.ts";
import { type WriterSchemas, writerSchemas } from "./writer-schemas.ts";

type RecordCodec<S extends SchemaName> = Codec<RecordTypes[S]["decoded"], RecordTypes[S]["given"]>;

/** A codec for each record type. Dispatch commands are the same on the topic of every channel. */
export type Contracts = {
  sendRequest: RecordCodec<"send-request">;
  cancelRequest: RecordCodec<"cancel-request">;
  statusReport: RecordCodec<"status-report">;
  timerTick: RecordCodec<"timer-tick">;
  dispatchCommand: RecordCodec<"dispatch-command">;
  messageOutcome: RecordCodec<"message-outcome">;
  journalEntry: RecordCodec<"journal-entry">;
  setting: RecordCodec<"setting">;
  deadLetterMark: RecordCodec<"dead-letter-mark">;
  /** What a restore reads of journal entries, and of the requests in them. */
  journalDigest: Pick<Codec<JournalDigest>, "read">;
  requestDigest: Pick<Codec<RequestDigest>, "read">;
  /** What can be read of a stored entry whose story cannot be read to its end; see `readStored`. */
  journalRescue: Pick<Codec<RescuedEntry>, "read">;
};

/**
 * Registers the schemas of all topics; done twice it changes nothing. Throws RetriableError while
 * the registry cannot be reached, and an Error if a schema is not FULL_TRANSITIVE compatible with
 * those registered before.
 */
export async function registerSchemas(at: RegistryConnection): Promise<void> {
  const registry = registryClient(at.registryUrl, at.registryAccess);
  await registry.setCompatibility();
  for (const { name, schema } of Object.values(topics)) {
    await registry.register(subjectOf(name), readSchema(schema));
  }
}

/**
 * Looks our schemas up and gives the codecs. Throws RetriableError while the registry cannot be
 * reached or has not been given our schemas.
 */
export async function connectContracts(at: RegistryConnection): Promise<Contracts> {
  const registry = registryClient(at.registryUrl, at.registryAccess);
  const writers = writerSchemas(registry.findSchema);
  const codec = <S extends SchemaName>(of: Holding<S>) => connectCodec(of, registry, writers);
  return {
    sendRequest: await codec(topics.sendRequests),
    cancelRequest: await codec(topics.cancelRequests),
    statusReport: await codec(topics.statusReports),
    timerTick: await codec(topics.timerTicks),
    // The same schema has the same id in every subject: one codec serves every channel's topic.
    dispatchCommand: await codec(topics.dispatchWhatsapp),
    messageOutcome: await codec(topics.messageOutcomes),
    journalEntry: await codec(topics.messageJournal),
    setting: await codec(topics.settings),
    deadLetterMark: await codec(topics.deadLetterMarks),
    journalDigest: digestCodec(
      {
        ...topics.messageJournal,
        wanted: journalDigestFields,
        firstOf: "story",
        admit: admitDigest,
      },
      writers,
    ),
    requestDigest: digestCodec(
      { ...topics.sendRequests, wanted: requestDigestFields, admit: admitRequestDigest },
      writers,
    ),
    journalRescue: digestCodec(
      { ...topics.messageJournal, wanted: rescuedFields, firstOf: "story", admit: admitRescued },
      writers,
    ),
  };
}

/** A topic that holds records of a schema. */
type Holding<S extends SchemaName> = { readonly name: string; readonly schema: S };

async function connectCodec<S extends SchemaName>(
  { name, schema }: Holding<S>,
  { findId }: RegistryClient,
  writers: WriterSchemas,
): Promise<RecordCodec<S>> {
  const subject = subjectOf(name);
  const text = readSchema(schema);
  const schemaId = await findId(subject, text);
  if (schemaId === undefined) {
    const what = `The schema registry has no ${subject} like schemas/${schema}.avsc`;
    throw new RetriableError(`${what}; \`npm run migrate\` registers it.`);
  }
  return recordCodec<RecordTypes[S]["decoded"], RecordTypes[S]["given"]>({
    subject,
    type: compileSchema(text),
    schemaId,
    writers,
    admit: (value, byteCount) => withinBounds(schema, value, byteCount),
  });
}
