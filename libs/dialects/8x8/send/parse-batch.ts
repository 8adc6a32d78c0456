// Many messages in one request: the template's values are defaults for each of them.

import { member, parseObject, parseText, refuseMalformed } from "#libs/dialects/8x8/json-value.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import { BATCH_COUNT_MAX } from "#libs/dialects/batch-ids.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { takeTurns } from "#libs/take-turns.ts";
import { clientMessageIdOf, type ParsedSend, parseSend, type SendContext } from "./parse-send.ts";

export type Batch = {
  clientBatchId: string | null;
  wantsMessages: boolean;
  template: JsonObject;
  items: readonly unknown[];
};

/** `first` is what was sent under its client's id before: the message is not judged again. */
export type ParsedItem<First> = (ParsedSend | { first: First }) & {
  /** As the client wrote it. */
  item: JsonObject;
};

type BatchContext<First> = SendContext & {
  /** The messages with the template's values. */
  given: readonly JsonObject[];
  /** By the client's id. */
  earlier: ReadonlyMap<string, First>;
};

/** Limit of 8x8's OpenAPI, characters. */
const CLIENT_BATCH_ID_LENGTH_MAX = 100;
/**
 * What the messages may be together once each has the template's values, characters of JSON: the
 * api holds them all at once. It is 3 KiB for each of 10,000, twice what WhatsApp templates need.
 */
const EXPANDED_LENGTH_MAX = 32 * 1024 * 1024;

/** The batch around its messages. Throws a Refusal of the whole of it. */
export function parseBatch(body: unknown): Batch {
  const batch = parseObject(body, 1000, "the body");
  // Messages, and what the template gives them, are looked at message by message.
  refuseMalformed({ ...batch, messages: null, template: null });
  const template = parseObject(member(batch, "template") ?? {}, 1000, "template");
  return {
    clientBatchId: parseText(member(batch, "clientBatchId"), {
      name: "clientBatchId",
      invalid: 1008,
      tooLong: 3014,
      lengthMax: CLIENT_BATCH_ID_LENGTH_MAX,
    }),
    wantsMessages: member(batch, "includeMessagesInResponse") === true,
    template,
    items: parseItems(member(batch, "messages"), template),
  };
}

function parseItems(items: unknown, template: JsonObject): unknown[] {
  if (!Array.isArray(items) || items.length === 0) throw new Refusal(3012);
  if (items.length > BATCH_COUNT_MAX) {
    throw new Refusal(3013, `a batch has at most ${BATCH_COUNT_MAX}.`);
  }
  const templateLength = JSON.stringify(template).length;
  if (templateLength * items.length <= EXPANDED_LENGTH_MAX) return items;
  throw new Refusal(1100, "the template is too large for so many messages; send smaller batches.");
}

/** A message with the template's values, before anything is said of it. */
export function givenMessage(item: unknown, template: JsonObject): JsonObject {
  return isObject(item) ? withDefaults(item, template) : {};
}

/**
 * Parses the messages in their order, each as if it had been sent alone. A clientMessageId that an
 * earlier message of the batch has is refused: its reports could not be told apart.
 */
export async function parseMessages<First>(
  { items }: Pick<Batch, "items">,
  context: BatchContext<First>,
): Promise<ParsedItem<First>[]> {
  const parsed: ParsedItem<First>[] = [];
  const seen = new Set<unknown>();
  const turn = takeTurns();
  for (const [index, value] of items.entries()) {
    await turn();
    const item = isObject(value) ? value : undefined;
    const id = item && member(item, "clientMessageId");
    const given = item && context.given[index];
    const read = parseItem(given, { context, isTaken: seen.has(id) });
    parsed.push({ ...read, item: item ?? {} });
    if (id !== undefined && id !== "") seen.add(id);
  }
  return parsed;
}

type ItemContext<First> = {
  context: BatchContext<First>;
  isTaken: boolean;
};

function parseItem<First>(
  given: JsonObject | undefined,
  { context, isTaken }: ItemContext<First>,
): ParsedSend | { first: First } {
  if (!given) return { refusal: new Refusal(1000, "the message must be an object.") };
  const first = isTaken ? undefined : context.earlier.get(clientMessageIdOf(given) ?? "");
  if (first !== undefined) return { first };
  const parsed = parseSend(given, context);
  if ("refusal" in parsed || !isTaken) return parsed;
  return { refusal: new Refusal(1008, "an earlier message of the batch has the clientMessageId.") };
}

/** The message with the template's values where it has none; its `content` is completed likewise. */
function withDefaults(item: JsonObject, template: JsonObject): JsonObject {
  const own = withoutNulls(item);
  const message = { ...template, ...own };
  const content = [member(template, "content"), member(own, "content")];
  if (!content.every(isObject)) return message;
  const [shared, said] = content;
  return { ...message, content: { ...shared, ...withoutNulls(said) } };
}

/** Null counts as absent here too: it takes nothing of the template's away. */
function withoutNulls(object: JsonObject = {}): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
