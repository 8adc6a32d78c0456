// What kind of fault each error code of Meta's Cloud API means (Meta's page of error codes, and
// 8x8's and Infobip's of the same codes). Meta puts its code in the body, and answers throttling
// with HTTP 400 as well: the code counts, not the status.
import type { ErrorClass } from "#libs/contracts/generated/types.ts";
import { type CodeTable, classesOf } from "../code-table.ts";

export const cloudCodes: CodeTable = {
  PERMANENT: [131021, 131026, 131051, 131062, 130472, 130497],
  TEMPORARY: [
    1, 2, 4, 80007, 130429, 131000, 131016, 131052, 131053, 131056, 131057, 132069, 133004,
  ],
  CONSENT: [131049, 131050],
  SENDER: [
    0, 3, 10, 33, 100, 190, 368, 131005, 131008, 131009, 131030, 131031, 131037, 131042, 131045,
    131048, 131055, 132015, 132016, 132068, 133000, 133005, 133006, 133008, 133009, 133010, 133015,
    133016, 134011, 139200, 2593107, 2593108,
  ],
  CONTENT: [131047, 132000, 132001, 132005, 132007, 132012, 132018, 135000],
};

/** "200-299: API Permission": one row of Meta's page. */
const PERMISSION = { min: 200, max: 299 };

const classOf = classesOf(cloudCodes);

/** UNKNOWN if not listed. */
export function classOfCloudCode(code: number): ErrorClass {
  if (code >= PERMISSION.min && code <= PERMISSION.max) return "SENDER";
  return classOf.get(`${code}`) ?? "UNKNOWN";
}
