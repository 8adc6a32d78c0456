// What a message is refused with, for the documents of whatever takes one.
import { faultCodesOf } from "#libs/judgement/fault.ts";

export const SEND_REFUSALS = faultCodesOf("http");
