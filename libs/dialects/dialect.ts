// A dialect: how the clients of one vendor ask for messages and hear of them. Its folder here is pure
// (no Kafka, no Redis, no HTTP): a client's request becomes ours, faults become the vendor's codes, a
// message's state becomes the vendor's answer. What follows is what others need of each dialect.
import type { JournalEntry, SendRequest, StoryEvent } from "#libs/contracts/generated/types.ts";
import type { Account } from "#libs/settings/account.ts";
import type { DialectName } from "./names.ts";
import type { Warning } from "./told-warning.ts";

/** A message as it stands, with its story, and the request that made it. */
export type KnownMessage = { entry: JournalEntry; request: SendRequest };

/** Events that can be told, and what their notifications are called in lists and in our own shape. */
export const typeNames = {
  STATUS_CHANGED: "message.status",
  ATTEMPT_STARTED: "message.attempt-started",
  // Ours tells by the next start, and by the end, that a step was left.
  ATTEMPT_LEFT: "message.attempt-left",
  MESSAGE_ENDED: "message.ended",
  OUTCOME_AMENDED: "message.amended",
} as const;
export type TellableEvent = StoryEvent & { type: keyof typeof typeNames };

/**
 * An event that is told: `id` is the notification's, `index` its place in the story, `isSecond` whether
 * it is what is told of it beside the first.
 */
export type Tellable = { id: string; event: TellableEvent; index: number; isSecond: boolean };

/**
 * What a notification is made of. Of the account are its templates, by which a dialect knows a
 * template's category, and its prices, by which it knows what was charged.
 */
export type ToldMessage = KnownMessage & Pick<Account, "templates" | "prices">;

/** The JSON that tells an event; the same for the same story. Never throws. */
type Body = (tellable: Tellable, message: ToldMessage) => string;

/** What a request to send is read in the light of. */
export type Sending = {
  account: Account;
  messageId: string;
  /** When the request came, epoch ms. */
  now: number;
  /** The flow that its path names, where the vendor's does; else null. */
  flowId: string | null;
};

/** A request as it would be taken, with what the sender should know all the same. */
export type ReadSend = { request: SendRequest; warnings: Warning[] };

/** One try to post a notification. */
export type Posting = {
  /** The notification's. */
  id: string;
  accountId: string;
  /** Of this try, epoch ms. */
  at: number;
  body: string;
  /** The webhook's, as its owner was shown it. */
  secret: string;
};

/** The collections of an account's settings that vendors have words of their own for. */
export const vendorCollections = ["flows", "fallback-rules", "fallback-policies"] as const;

/**
 * Settings in the vendor's words as ours, whose own rules hold for what is returned. Throws ShapeError
 * with all that is wrong.
 */
type ReadSetting = (given: unknown) => object;

export type Dialect = {
  name: DialectName;
  /**
   * Reads the body of a client's request to send, of a batch its first message, and sends nothing.
   * Throws what says why it would be refused: SendRefused for a vendor's client, Problem for ours.
   */
  readSend: (given: unknown, sending: Sending) => ReadSend | Promise<ReadSend>;
  /**
   * The message's own id that one of the vendor's leads to, where the vendor's clients are told of
   * several for one message. Any other id as it is, and nothing is looked up.
   */
  messageIdOf?: (id: string) => string;
  /** What can be configured in the vendor's words. */
  settings: Partial<Record<(typeof vendorCollections)[number], ReadSetting>>;
  notifications: {
    /** Whether webhooks in this dialect are told of the event, which is at `index` of the story. */
    tells: (event: TellableEvent, story: readonly StoryEvent[], index: number) => boolean;
    body: Body;
    /** What is told of an event beside that, and after it. */
    second?: { tells: (story: readonly StoryEvent[], index: number) => boolean; body: Body };
    /**
     * Another dialect of the same vendor, whose webhooks are told in this one of what came in it.
     */
    alsoFor?: DialectName;
    /**
     * How long a receiver may take to answer, ms, where the vendor says so: what takes longer is told
     * again. Absent: as long as the notifier waits for anybody.
     */
    answerMsMax?: number;
    /**
     * How the vendor shows that a notification is its own, beside the signature of ours: the
     * `Authorization` of a try, where the webhook has none of its own.
     */
    authorization?: (posting: Posting) => string;
  };
};
