// What kind of fault each command_status means: all of SMPP 3.4's table 5-2. A fault in how the
// connection is set up (a TON, a TLV, a service type) is the sender's. Numbers beyond the table are a
// carrier's own, of which nobody else knows.
import type { ErrorClass } from "#libs/contracts/generated/types.ts";
import { statuses } from "#libs/smpp/statuses.ts";
import { type CodeTable, classesOf } from "../code-table.ts";

const smppCodes: CodeTable = {
  PERMANENT: [
    statuses.ESME_RINVDSTADR,
    statuses.ESME_RSUBMITFAIL,
    statuses.ESME_RX_P_APPN,
    statuses.ESME_RX_R_APPN,
    statuses.ESME_RDELIVERYFAILURE,
    statuses.ESME_RUNKNOWNERR,
    statuses.ESME_RINVMSGID,
    statuses.ESME_RCANCELFAIL,
    statuses.ESME_RREPLACEFAIL,
    statuses.ESME_RQUERYFAIL,
  ],
  TEMPORARY: [
    statuses.ESME_RINVBNDSTS,
    statuses.ESME_RSYSERR,
    statuses.ESME_RMSGQFUL,
    statuses.ESME_RTHROTTLED,
    statuses.ESME_RX_T_APPN,
  ],
  SENDER: [
    statuses.ESME_RINVCMDLEN,
    statuses.ESME_RINVCMDID,
    statuses.ESME_RALYBND,
    statuses.ESME_RINVPRTFLG,
    statuses.ESME_RINVREGDLVFLG,
    statuses.ESME_RINVSRCADR,
    statuses.ESME_RBINDFAIL,
    statuses.ESME_RINVPASWD,
    statuses.ESME_RINVSYSID,
    statuses.ESME_RINVSERTYP,
    statuses.ESME_RINVNUMDESTS,
    statuses.ESME_RINVDLNAME,
    statuses.ESME_RINVDESTFLAG,
    statuses.ESME_RINVSUBREP,
    statuses.ESME_RINVESMCLASS,
    statuses.ESME_RCNTSUBDL,
    statuses.ESME_RINVSRCTON,
    statuses.ESME_RINVSRCNPI,
    statuses.ESME_RINVDSTTON,
    statuses.ESME_RINVDSTNPI,
    statuses.ESME_RINVSYSTYP,
    statuses.ESME_RINVREPFLAG,
    statuses.ESME_RINVNUMMSGS,
    statuses.ESME_RINVSCHED,
    statuses.ESME_RINVEXPIRY,
    statuses.ESME_RINVDFTMSGID,
    statuses.ESME_RINVOPTPARSTREAM,
    statuses.ESME_ROPTPARNOTALLWD,
    statuses.ESME_RINVPARLEN,
    statuses.ESME_RMISSINGOPTPARAM,
    statuses.ESME_RINVOPTPARAMVAL,
  ],
  CONTENT: [statuses.ESME_RINVMSGLEN],
};

const classOf = classesOf(smppCodes);

/** The words of a peer that we are too fast. */
export const THROTTLING: ReadonlySet<number> = new Set([
  statuses.ESME_RTHROTTLED,
  statuses.ESME_RMSGQFUL,
]);

/** UNKNOWN for a carrier's own numbers. */
export function classOfSmppStatus(status: number): ErrorClass {
  return classOf.get(`${status}`) ?? "UNKNOWN";
}
