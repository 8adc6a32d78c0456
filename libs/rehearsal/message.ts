import type { SendRequest } from "#libs/contracts/generated/types.ts";
import type { SendRequestInput } from "#libs/fallback/inputs.ts";
import type { Account } from "#libs/settings/account.ts";

/** A message, as its request came and as the decider takes it; the clock starts at `input.at`. */
export type Message = {
  request: SendRequest;
  input: SendRequestInput;
  /** Whose message it is, by what it says of codes. */
  account: Pick<Account, "codeRules">;
};
