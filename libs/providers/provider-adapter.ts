// What the dispatcher needs of a provider: one function from a command to an answer.
import type {
  DispatchCommand,
  ErrorClass,
  Recipient,
  Revocation,
} from "#libs/contracts/generated/types.ts";

/**
 * A provider's answer to one call. `segmentCount` is of an SMS, null on other channels. `refused` would
 * be refused again. `temporary` may succeed later, and the provider did not take the message. `unknown`: the
 * provider may have taken it, nobody can tell. `late`: nothing was sent, because `isInTime` said no.
 */
export type ProviderAnswer =
  | {
      type: "accepted";
      providerMessageId: string;
      /** The ids of all parts, the first included, where it takes a long SMS in several. */
      partIds?: readonly string[];
      segmentCount: number | null;
    }
  /**
   * `isLoginRefused`: the provider does not know our credentials, whatever the message is. `isFinal`: it
   * has kept our id of the message, and would call another call a repeat of one that it took. It is never
   * asked again, whatever a rule says: a message that it refused would be reported as accepted.
   */
  | {
      type: "refused";
      code: string;
      errorClass: ErrorClass;
      text: string;
      isLoginRefused?: boolean;
      isFinal?: boolean;
    }
  /** `retryAfterMs`: the provider wants no other call for so long. */
  | { type: "temporary"; code: string; text: string; retryAfterMs?: number }
  | { type: "unknown"; text: string }
  | { type: "late" };

/** What a provider says when it is asked to take a message back. `code` and `text` are its own. */
export type RevocationAnswer = {
  outcome: Exclude<Revocation, "UNKNOWN">;
  code?: string;
  text?: string;
};

/** What is to be taken back. `commandId` is that of its call; `ids` are none where no answer told them. */
export type Taken = {
  commandId: string;
  ids: readonly string[];
  channel: string;
  sender: string | null;
  recipient: Recipient;
};

/**
 * What a provider says when it is asked for a message whose answer was lost. `found`: it has one that can
 * be it, and no other. `not-found` is no proof: a list may show a message only some time after it was taken.
 */
export type LookUpAnswer =
  | { type: "found"; providerMessageId: string; segmentCount: number | null }
  | { type: "not-found" | "several" | "no-answer" };

/** `since`: the message was not created before, epoch ms. `withinMs`: beside a connect. */
export type LookUp = { since: number; withinMs: number };

/** What a line says of itself. `why`: one sentence, the carrier's words in it. */
export type LineState =
  | { type: "bound" }
  | { type: "throttled"; why: string }
  /** `retryAfterMs`: it is not tried before that. */
  | { type: "down"; why: string; retryAfterMs: number };

export type Capability = "can" | "cannot" | "unknown";

export type ProviderAdapter = AsyncDisposable & {
  /** The name that its status reports carry; part of the key of every error code. */
  readonly provider: string;
  /** True if a call on the channel that is repeated with the same commandId is answered but not sent again. */
  takesIdempotencyKeys(channel: string): boolean;
  /** The id that its receipts name the command's message by, where it is ours; absent: only an answer tells it. */
  ownId?(command: DispatchCommand): string;
  /**
   * Never rejects for a fault of the network or the provider: each is one of the answers. Asks
   * `isInTime` right before the first byte goes out: a process may have stood still since it began, and
   * an adapter that throws before it has asked has sent nothing.
   */
  dispatch(command: DispatchCommand, isInTime: () => boolean): Promise<ProviderAnswer>;
  /**
   * Whether the command's person can be reached on its channel, asked before the first call; absent: the
   * provider cannot say. Never rejects, and takes a second at most. `unknown` keeps nothing from being sent.
   */
  capability?(command: DispatchCommand): Promise<Capability>;
  /**
   * Takes back what it took, as far as it is not delivered; asked again it does no harm. Takes `withinMs`
   * and a connect at most, and never rejects. Absent: its provider has no such call.
   */
  revoke?(taken: Taken, withinMs: number): Promise<RevocationAnswer>;
  /**
   * Asks for what the command may have made, where its call cannot be repeated. Never rejects. Absent: its
   * provider cannot be asked, or takes a repeat for what it is.
   */
  lookUp?(command: DispatchCommand, asking: LookUp): Promise<LookUpAnswer>;
  /**
   * Of a line that is kept; absent where each call has its own. While it is down nothing is called:
   * its commands are held, uncounted, or given to another connection.
   */
  state?(): LineState;
};
