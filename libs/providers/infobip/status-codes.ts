// What each of Infobip's statuses of a message means (its page "Response status and error codes",
// 541 codes in July 2026). A number is no more than a row of its own list: status 6
// and error 6 have nothing in common.
import type { CodeTable } from "../code-table.ts";

/** "The message IDs should be a unique value": of ours, which one message has, it was taken before. */
export const DUPLICATE_ID = 23;
/** "The delivery status is unknown", in the group of those that are expired. */
export const DELIVERY_UNKNOWN = 29;
export const DELIVERED_TO_OPERATOR = 2;

/** Pending and delivered. */
export const goodStatuses: readonly number[] = [2, 3, 5, 7, 26];

/** Some numbers have other names in Infobip's voice, e-mail and push: their kind is the same. */
export const statusTable: CodeTable = {
  PERMANENT: [4, 8, 9, 31, 51, 52, 66, 96, 97, 98, 99],
  TEMPORARY: [20, 21, 89, 100],
  CONSENT: [10, 14],
  SENDER: [6, 11, 12, 13, 17, 18, 19, 65, 75, 83, 206],
  CONTENT: [
    24, 25, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 68, 69, 70, 71, 73, 74, 77, 88, 90, 91,
  ],
  // Expired, a repeated id, a fraud that may be none; and what Infobip's other products say.
  UNKNOWN: [
    15, 23, 29, 87, 200, 202, 203, 204, 205, 1001, 1011, 1012, 1013, 1031, 1032, 1033, 1101, 1102,
    1103, 1104, 1105, 1106, 1111, 1112, 1113, 1114, 1121, 1122, 1123, 1124, 1125, 1126, 1127, 1128,
    1198, 1199, 1321, 40001, 40002, 40003, 40004, 40005, 40006, 40007, 40010, 40012, 40013, 40014,
    40015, 40016, 40018, 40019, 40020, 40021, 40022, 40023, 40024, 40401, 40403, 40404, 40405,
    40406, 40407, 40501, 40502, 40901, 40902, 42901,
  ],
};
