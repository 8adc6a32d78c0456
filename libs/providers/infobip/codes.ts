// Which code of ours a word of Infobip's is, and what kind of fault it means. Infobip counts statuses
// and errors apart, so ours say which of them it is: `status-12`, `error-628`.
import { Type } from "typebox";
import type { ErrorClass } from "#libs/contracts/generated/types.ts";
import { classesOf } from "../code-table.ts";
import { errorTable, goodErrors } from "./error-codes.ts";
import { statusTable } from "./status-codes.ts";

/** As answers and reports have it. Infobip's texts only explain it. */
export const Status = Type.Object({
  groupId: Type.Integer(),
  id: Type.Integer(),
  name: Type.Optional(Type.Unknown()),
  description: Type.Optional(Type.Unknown()),
});
export const ErrorWord = Type.Object({
  id: Type.Integer(),
  name: Type.Optional(Type.Unknown()),
  description: Type.Optional(Type.Unknown()),
});
type Word = { id: number; name?: unknown; description?: unknown };

export type Fault = { errorCode: string; errorClass: ErrorClass; errorText: string };

const classOfStatus = classesOf(statusTable);
const classOfError = classesOf(errorTable);

/** The error says more than the status, if it says anything; the kind is that of whichever is known. */
export function faultOf(status: Word, error: Word | undefined): Fault {
  const statusClass = classOfStatus.get(`${status.id}`) ?? "UNKNOWN";
  if (!error || goodErrors.includes(error.id)) {
    return { errorCode: `status-${status.id}`, errorClass: statusClass, errorText: said(status) };
  }
  const errorClass = classOfError.get(`${error.id}`) ?? statusClass;
  return { errorCode: `error-${error.id}`, errorClass, errorText: said(error) };
}

function said({ name, description }: Word): string {
  return [name, description].filter((each) => typeof each === "string" && each !== "").join(": ");
}
