// From a record to a setting. Other programs write to the topic too, now and in other versions.
import type { Read } from "#libs/contracts/codec.ts";
import type { Setting } from "#libs/contracts/generated/types.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import { unreadableConnection } from "./bodies/unreadable-connection.ts";
import {
  ALL_ACCOUNTS,
  type AnySetting,
  isKind,
  isOfOperator,
  readBody,
  settingKey,
  withBody,
} from "./setting.ts";

/** With a fault and a setting: the setting stands in for what cannot be read. */
export type ReadSetting =
  | { setting: AnySetting; fault?: string }
  | { setting?: never; fault: string };

/** Never throws: a record that cannot be read tells its fault. */
export function readSetting(key: string, read: Read<Setting>): ReadSetting {
  return read instanceof PoisonRecordError ? { fault: read.reason } : fromRecord(key, read.value);
}

function fromRecord(key: string, record: Setting): ReadSetting {
  const { kind } = record;
  if (!isKind(kind)) return { fault: `There is no kind ${kind}.` };
  if (settingKey({ ...record, kind }) !== key) return { fault: "The key is another setting's." };
  if (record.accountId === ALL_ACCOUNTS && !isOfOperator(kind)) {
    return { fault: "Only keys, limits and connections are above accounts." };
  }
  const body = readBody(kind, record.body);
  if (body !== undefined) return { setting: withBody({ ...record, kind }, body) };
  const fault = `The body is not one of a ${kind}.`;
  if (kind !== "connection") return { fault };
  return { setting: withBody({ ...record, kind }, unreadableConnection(record.body)), fault };
}
