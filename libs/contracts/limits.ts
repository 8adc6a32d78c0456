// Every limit that what comes in is held against: one place for all ways in, each with its reason.
// A limit that only one part of the product has stays beside that part.

/** A message's, account's or report's id, in UTF-8. Three of them fit into a key of any store. */
export const ID_BYTES_MAX = 250;
/** A command's id: its message's, a colon and one digit; behind it `:revoke-` and a version where it only takes back. */
export const COMMAND_ID_BYTES_MAX = ID_BYTES_MAX + 20;
/** A report's id: most are another id and a few words. */
export const REPORT_ID_BYTES_MAX = 2 * ID_BYTES_MAX;
/** From 8x8's OpenAPI: an account is their sub-account. No slash: ids are parts of keys. */
export const ACCOUNT_ID = /^[A-Za-z0-9\-._&]{3,50}$/;
/** The sender's own ids, which are echoed and never looked at; no vendor has longer ones. */
export const CLIENT_ID_LENGTH_MAX = 128;
/** Names of channels, providers, senders, rules and the like. */
export const NAME_LENGTH_MAX = 64;
/** A phone number, or a person's id on a channel: the longest (WhatsApp's user ids) have 128. */
export const ADDRESS_LENGTH_MAX = 128;
/** ISO 3166 alpha-2. */
export const COUNTRY_LENGTH_MAX = 2;
/** ISO 4217. */
export const CURRENCY_LENGTH_MAX = 3;
/** A person's ids on channels; there are four channels. */
export const USER_ID_COUNT_MAX = 16;
/** What every browser and proxy takes. */
export const URL_LENGTH_MAX = 2_048;

/** 8x8's limit of a text; 229 SMS. */
export const TEXT_LENGTH_MAX = 35_000;
/** 15 digits with their plus sign. */
export const SMS_SOURCE_LENGTH_MAX = 16;
/** Rich content as JSON: a request of the API in full. */
export const RICH_BYTES_MAX = 256 * 1024;
/** Meta's limit of a template's name, characters. */
export const TEMPLATE_NAME_LENGTH_MAX = 512;
/** A header, a body, a footer, ten buttons, and as many again for what Meta adds. */
export const TEMPLATE_COMPONENT_COUNT_MAX = 50;
/** Far above what fits into a template's 1,024 characters; neither Meta nor 8x8 names a limit. */
export const TEMPLATE_PARAMETER_COUNT_MAX = 100;
/** Cards of a carousel: Meta's limit. */
export const TEMPLATE_CARD_COUNT_MAX = 10;
/** A template is kept under its name and its language. */
export const SETTING_NAME_LENGTH_MAX = TEMPLATE_NAME_LENGTH_MAX + 32;
/** The words of a cancel: one sentence for the story. */
export const REASON_LENGTH_MAX = 200;
/** A carrier's words: some put whole error pages there. What is beyond tells nobody anything. */
export const ERROR_TEXT_LENGTH_MAX = 1_000;
/** Why something is a dead letter, some sentences: it may quote what a sender wrote. */
export const DEAD_REASON_LENGTH_MAX = 1_000;
/** What stands against one request: whoever mends so many has enough to do, and a record has room. */
export const REQUEST_FAULT_COUNT_MAX = 20;
/** A carrier's code of a fault. */
export const ERROR_CODE_LENGTH_MAX = 64;

/** Connections that are asked for one attempt: whom ten refuse, an eleventh hardly takes. */
export const ROUTE_COUNT_MAX = 10;

/** Steps of a flow: the seeds' vendors have two or three. */
export const STEP_COUNT_MAX = 10;
/** The widest range of the vendors' waits: 1 s (Sinch, Telesign) to 259,200 s (Sinch). */
export const WAIT_SECONDS_MAX = 259_200;
/** How long a provider may try: WhatsApp's marketing templates have the longest, 30 days. */
export const TTL_SECONDS_MAX = 2_592_000;
/**
 * How long the next step waits at most until the attempts before it are taken back, ms: carriers answer
 * within one second, and no person waits longer for a carrier that hangs.
 */
export const REVOKE_MS_MAX = 2_000;
/**
 * How long a provider is asked whether it has a message whose answer was lost, ms. A claim's lease is
 * longer by as much, so it stands for how much later a dead dispatcher's commands are found, too.
 */
export const LOOK_UP_MS_MAX = 2_000;
/** A long SMS counts its parts in one byte. */
export const SEGMENT_COUNT_MAX = 255;
/** A message's story is cut at its oldest end beyond this: ten steps with every word fit in. */
export const STORY_LENGTH_MAX = 200;
/** Words of one attempt that are told beside its status: each once, and there are ten. */
export const NOTED_COUNT_MAX = 10;

/** Avro's int, which our library does not hold what it reads to. */
export const INT_MAX = 2_147_483_647;
/** Epoch ms of the last instant that every client can read: its year has four digits. */
export const INSTANT_MAX = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** One HTTP request: a text of 35,000 characters of four bytes each, and as much again. */
export const BODY_BYTES_MAX = 256 * 1024;
/**
 * Values of one message's JSON: ten steps, each with a template of a hundred parameters, have 5,000. To
 * copy, check and judge as many takes 30 ms.
 */
export const JSON_VALUE_COUNT_MAX = 10_000;
/** A batch of 10,000 messages has 1.6 KiB for each. */
export const BATCH_BYTES_MAX = 16 * 1024 * 1024;

/** What brokers take of a record, uncompressed: a request of any sender comes whole, or not at all. */
export const REQUEST_BYTES_MAX = 1024 * 1024;
/**
 * What the topics take of what we make of a request (`max.message.bytes`): the request itself, the parts
 * of ten attempts (0.65 MiB), and as much of its story as there is room for (`fit-story.ts`).
 */
export const RECORD_BYTES_MAX = 2 * 1024 * 1024;
/** A setting as JSON: fifty versions of a flow with ten steps are 100 KiB. */
export const SETTING_BYTES_MAX = 512 * 1024;
