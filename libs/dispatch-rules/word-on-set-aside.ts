// What is reported of a command that is set aside: its attempt has an end then, and its message goes on. Pure.
import type { Word } from "./conclude.ts";

/**
 * FAILED, unless a provider may have the message: that stays unknown, as after any lost answer, and is left to
 * the step's wait.
 */
export function wordOnSetAside(mayHaveIt: boolean): Word {
  if (mayHaveIt) {
    const errorText = "Fallthrough failed after a call that may have been taken, and set it aside.";
    return { status: "UNKNOWN", errorCode: "answer-lost", errorText };
  }
  const errorText = "Fallthrough failed before the call, and set it aside: nothing was sent.";
  return { status: "FAILED", errorCode: "set-aside", errorClass: "UNKNOWN", errorText };
}
