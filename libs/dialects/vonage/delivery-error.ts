// Why a message did not get through, by the numbers of Vonage's list.
import type { ErrorClass, StoryEvent } from "#libs/contracts/generated/types.ts";
import { type ErrorNumber, errorList } from "./error-list.ts";
import { numberOfFault } from "./member-of-fault.ts";
import { changesOf, isUnreached, type Place, type Story } from "./status-word.ts";

const TTL_OVER = 1360;
const NOT_SUBMITTED = 1100;
const UNLISTED = 1330;

/** Whatever a provider's code, we know what kind of fault it means. */
const BY_CLASS: Readonly<Record<ErrorClass, ErrorNumber>> = {
  UNKNOWN: 1330,
  PERMANENT: 1260,
  TEMPORARY: 1331,
  CONSENT: 1240,
  SENDER: 1140,
  CONTENT: 1282,
};

/**
 * Codes that say more than their kind. Meta's, which a WhatsApp message has from every provider: of
 * other channels the same code means different things with different providers. And our own of an
 * attempt that nobody was called for.
 */
const BY_CODE: ReadonlyMap<string, ErrorNumber> = new Map([
  ["no-address", 1430],
  ["368", 1060],
  ["130429", 1000],
  ["130497", 1251],
  ["131021", 1430],
  ["131026", 1300],
  ["131031", 1060],
  ["131047", 1340],
  ["131049", 1461],
  ["131051", 1440],
  ["131052", 1380],
  ["131053", 1380],
  ["131056", 1241],
  ["132000", 1022],
  ["132001", 1022],
  ["132005", 1022],
  ["132007", 1022],
  ["132012", 1022],
  ["132015", 1022],
  ["132016", 1022],
  ["132018", 1022],
]);

export type Failure = Place & { channel: string };

/** The number of the failure that the event at `index` tells of, and Vonage's words with the carrier's. */
export function deliveryError(story: Story, failure: Failure) {
  const number = numberOf(story, failure);
  const [title, meaning] = errorList[number];
  const said = saidOf(story[failure.index]).join(": ");
  return { number, words: `${title} - ${meaning}${said === "" ? "" : ` (${said})`}` };
}

/** The carrier's words; of an end that has none, why it came. */
function saidOf(event: StoryEvent | undefined): string[] {
  if (event?.type === "MESSAGE_ENDED") return [event.detail ?? event.rule];
  return [event?.errorCode, event?.detail].filter((each) => typeof each === "string");
}

function numberOf(story: Story, failure: Failure): ErrorNumber {
  const event = story[failure.index];
  if (event?.type === "ATTEMPT_LEFT" || event?.status === "EXPIRED") return TTL_OVER;
  if (event?.type === "MESSAGE_ENDED") return numberOfEnd(event);
  const known = codeNumber(failure.channel, event?.errorCode ?? "");
  if (known !== undefined) return known;
  if (isUnreached(changesOf(story, failure))) return NOT_SUBMITTED;
  return BY_CLASS[event?.errorClass ?? "UNKNOWN"];
}

/** Refused, canceled, or over before anybody said what became of it. */
function numberOfEnd({ outcome, detail }: StoryEvent): ErrorNumber {
  if (outcome === "REJECTED") return numberOfFault(detail);
  return outcome === "CANCELED" ? UNLISTED : TTL_OVER;
}

function codeNumber(channel: string, code: string): ErrorNumber | undefined {
  return channel === "whatsapp" || code === "no-address" ? BY_CODE.get(code) : undefined;
}
