// What kind of fault each number of Vonage's list of errors of Messages means
// (https://developer.vonage.com/api-errors/messages, November 2026).
import type { ErrorClass } from "#libs/contracts/generated/types.ts";
import { type CodeTable, classesOf } from "../code-table.ts";

/** "TTL was activated, or message expired before delivered." */
export const TTL_OVER = 1360;

export const vonageCodes: CodeTable = {
  PERMANENT: [1170, 1190, 1200, 1260, 1270, 1280, 1290, 1300, 1310, 1430],
  TEMPORARY: [1000, 1030, 1100, 1180, 1220, 1230, 1331],
  CONSENT: [1050, 1240, 1241, 1461, 1483],
  SENDER: [
    1060, 1070, 1080, 1110, 1120, 1140, 1160, 1250, 1251, 1350, 1370, 1400, 1420, 1460, 1470, 1472,
    1473, 1480, 1481, 1484,
  ],
  CONTENT: [
    1010, 1020, 1021, 1022, 1040, 1090, 1130, 1150, 1210, 1282, 1340, 1380, 1381, 1382, 1410, 1440,
    1450, 1451, 1482,
  ],
  // It was sent before; nobody knows; its time is over.
  UNKNOWN: [1320, 1330, TTL_OVER],
};

const classOf = classesOf(vonageCodes);

/** UNKNOWN if not listed. */
export function classOfVonageCode(code: string): ErrorClass {
  return classOf.get(code) ?? "UNKNOWN";
}

type Named = { type?: string | undefined; title?: string | number | undefined };

/** It ends the address of the type, or is the title, as in the examples of Vonage's description. */
export function numberOfError({ type, title }: Named) {
  const [, number] = /#(\d{4})$/.exec(type ?? "") ?? /^(\d{4})$/.exec(`${title ?? ""}`) ?? [];
  return number ?? null;
}
