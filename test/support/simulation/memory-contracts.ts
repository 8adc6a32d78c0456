// The codecs as a registry gives them that knows our schemas alone, with the bounds of what is admitted.
import { compileSchema } from "#libs/contracts/avro-type.ts";
import { withinBounds } from "#libs/contracts/bounds.ts";
import { digestCodec } from "#libs/contracts/digest.ts";
import type { RecordTypes } from "#libs/contracts/generated/types.ts";
import { admitDigest, journalDigestFields } from "#libs/contracts/journal-digest.ts";
import { admitRescued, rescuedFields } from "#libs/contracts/journal-rescue.ts";
import { recordCodec } from "#libs/contracts/record-codec.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { readSchema, type SchemaName } from "#libs/contracts/schemas.ts";
import { writerSchemas } from "#libs/contracts/writer-schemas.ts";

export function memoryContracts(): Contracts {
  return {
    sendRequest: codec("send-request", 1),
    cancelRequest: codec("cancel-request", 2),
    statusReport: codec("status-report", 3),
    timerTick: codec("timer-tick", 4),
    dispatchCommand: codec("dispatch-command", 5),
    messageOutcome: codec("message-outcome", 6),
    journalEntry: codec("journal-entry", 7),
    setting: codec("setting", 8),
    deadLetterMark: codec("dead-letter-mark", 9),
    journalDigest: digestCodec(
      { ...ofStory, wanted: journalDigestFields, admit: admitDigest },
      knowing(7),
    ),
    // What has a field reads as a digest, too.
    requestDigest: codec("send-request", 1),
    journalRescue: digestCodec(
      { ...ofStory, wanted: rescuedFields, admit: admitRescued },
      knowing(7),
    ),
  };
}

const ofStory = { name: "message-journal", schema: "journal-entry", firstOf: "story" } as const;

/** The journal's schema, under its id. */
function knowing(schemaId: number) {
  const type = compileSchema(readSchema("journal-entry"));
  return writerSchemas(async (id) => (id === schemaId ? { type } : undefined));
}

function codec<S extends SchemaName>(schema: S, schemaId: number) {
  return recordCodec<RecordTypes[S]["decoded"], RecordTypes[S]["given"]>({
    subject: schema,
    type: compileSchema(readSchema(schema)),
    schemaId,
    writers: writerSchemas(async () => undefined),
    admit: (value, byteCount) => withinBounds(schema, value, byteCount),
  });
}
