// What kind of fault each of Twilio's error codes of messages means (Twilio's "Error and Warning
// Dictionary", and the notes of its changelog: RCS that does not reach the person is 30046 since
// August 2026, so that 30036 is a validity period that is over, and nothing else).
import type { ErrorClass } from "#libs/contracts/generated/types.ts";
import { type CodeTable, classesOf } from "../code-table.ts";

const twilioCodes: CodeTable = {
  PERMANENT: [21211, 21217, 21612, 21614, 21635, 30003, 30004, 30005, 30006, 30046, 63003, 63024],
  TEMPORARY: [20429, 20500, 20503, 21611, 30001, 30009, 30017, 30022, 63018],
  CONSENT: [21610, 63032, 63049],
  SENDER: [
    20001, 20003, 20005, 20008, 20403, 20404, 21212, 21408, 21603, 21606, 21608, 21659, 21660,
    21703, 21705, 30002, 30010, 30018, 30023, 30024, 30027, 30032, 30034, 30035, 30037, 30039,
    30044, 63001, 63002, 63007, 63010, 63020, 63036, 63038,
  ],
  CONTENT: [
    21602, 21605, 21617, 21619, 21620, 21623, 21656, 30007, 30011, 30012, 30019, 30038, 63005,
    63013, 63016, 63021, 63027, 63028,
  ],
};

/** "The message was not sent within its validity period." */
export const VALIDITY_OVER = 30036;

const classOf = classesOf(twilioCodes);

/** UNKNOWN if not listed: 30008 says no more itself. */
export function classOfTwilioCode(code: number): ErrorClass {
  return classOf.get(`${code}`) ?? "UNKNOWN";
}
