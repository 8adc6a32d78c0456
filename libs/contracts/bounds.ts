// What every field of every record may be, whoever wrote it. Records are held against it right after
// decoding, so that nothing behind a border checks a length, a range or an instant again. Each fault
// has a code and a path; what it leads to is said at the end.
import { PoisonRecordError } from "#libs/errors.ts";
import {
  anything,
  type Bound,
  document,
  type Fault,
  instant,
  nullable,
  record,
  text,
  whole,
  words,
} from "./bound.ts";
import { dispatchCommand, statusReport } from "./bounds/dispatch.ts";
import { journalEntry, timerTick } from "./bounds/journal.ts";
import { name } from "./bounds/members.ts";
import { messageOutcome } from "./bounds/outcome.ts";
import { cancelRequest, sendRequest } from "./bounds/requests.ts";
import type { Read } from "./codec.ts";
import type { DeadLetterMark, RecordTypes, Setting } from "./generated/types.ts";
import {
  ADDRESS_LENGTH_MAX,
  RECORD_BYTES_MAX,
  REQUEST_BYTES_MAX,
  SETTING_BYTES_MAX,
  SETTING_NAME_LENGTH_MAX,
} from "./limits.ts";
import type { SchemaName } from "./schemas.ts";

/** A dead letter's reason names the first ones. */
const FAULT_COUNT_MAX = 10;

type Bounds = { readonly [S in SchemaName]: Bound<RecordTypes[S]["decoded"]> };

const bounds: Bounds = {
  "send-request": sendRequest,
  "cancel-request": cancelRequest,
  "status-report": statusReport,
  "timer-tick": timerTick,
  "dispatch-command": dispatchCommand,
  "message-outcome": messageOutcome,
  "journal-entry": journalEntry,
  setting: record<Setting>({
    // Keys of the operator stand under "*": what a setting's place may be is its reader's rule.
    accountId: name,
    kind: name,
    name: text(SETTING_NAME_LENGTH_MAX),
    revision: whole(0, Number.MAX_SAFE_INTEGER),
    body: document(SETTING_BYTES_MAX),
    changedAt: instant,
    changedBy: words(ADDRESS_LENGTH_MAX),
  }),
  "dead-letter-mark": record<DeadLetterMark>({
    markId: name,
    letterId: text(ADDRESS_LENGTH_MAX),
    letterAt: instant,
    after: nullable(name),
    state: anything,
    contentHash: name,
    markedAt: instant,
    markedBy: words(ADDRESS_LENGTH_MAX),
  }),
};

/**
 * A decoded record within its bounds; PoisonRecordError where what is out of them leaves nobody to
 * be answered. Changes the value itself. `byteCount` is the record's size as it came.
 */
export function withinBounds<S extends SchemaName>(
  schema: S,
  value: RecordTypes[S]["decoded"],
  byteCount: number,
): Read<RecordTypes[S]["decoded"]> {
  const faults: Fault[] = [];
  const held = bounds[schema](value, faults);
  if (byteCount > bytesMax(schema)) faults.push({ code: "too-large", path: "" });
  const fatal = faults.filter((fault) => !isAnswered(schema, fault));
  if (fatal.length === 0) return { value: held, faults };
  const told = fatal.slice(0, FAULT_COUNT_MAX).map(({ code, path }) => `${code} at ${path || "/"}`);
  return new PoisonRecordError(`The ${schema} is out of its bounds: ${told.join(", ")}.`);
}

/** A request whose ids can be used ends with an outcome that names the fault: its sender is told. */
function isAnswered(schema: SchemaName, { path }: Fault): boolean {
  return schema === "send-request" && path !== "/messageId" && path !== "/accountId";
}

function bytesMax(schema: SchemaName): number {
  return schema === "send-request" ? REQUEST_BYTES_MAX : RECORD_BYTES_MAX;
}
