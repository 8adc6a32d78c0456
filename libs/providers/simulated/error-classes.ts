// What kind of fault an error code of a simulated carrier means: another provider has its own table in
// its own folder. The same code means different things on different
// channels (1: the phone is absent for SMS, an internal error at Viber), so each channel has its
// own table. The codes are Meta's, Viber's, Google RBM's and, for SMS, 8x8's.
import type { ErrorClass } from "#libs/contracts/generated/types.ts";
import type { Channel } from "#libs/contracts/topics.ts";
import { type CodeTable, classesOf } from "../code-table.ts";
import { cloudCodes } from "../whatsapp-cloud/codes.ts";

const CODES: Readonly<Record<Channel, CodeTable>> = {
  whatsapp: cloudCodes,
  viber: {
    PERMANENT: [9, 10],
    TEMPORARY: [1, 7, 21],
    CONSENT: [8],
    SENDER: [2, 11, 13, 18, 20],
    CONTENT: [3, 5, 6],
  },
  rcs: {
    PERMANENT: [400, 404],
    TEMPORARY: [429, 500, 502, 503, 504],
    SENDER: [401, 403],
  },
  sms: {
    PERMANENT: [7, 9, 13, 15, 24, 25, 26, 27, 28, 29, 32, 34, 37, 41, 44, 55, 59],
    TEMPORARY: [1, 10, 11, 12, 14, 21, 23, 30, 33, 35, 40, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54],
    CONSENT: [8, 43, 60],
    SENDER: [3, 16, 18, 19, 31, 42],
    CONTENT: [2, 17, 38],
  },
};

const CLASSES: ReadonlyMap<string, ReadonlyMap<string, ErrorClass>> = new Map(
  Object.entries(CODES).map(([channel, table]) => [channel, classesOf(table)]),
);

/** The class of a simulated carrier's code; UNKNOWN if not listed. */
export function classOfCode(channel: Channel, code: string): ErrorClass {
  return CLASSES.get(channel)?.get(code) ?? "UNKNOWN";
}
