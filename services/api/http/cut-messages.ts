// Where the items of a body's list `messages` begin and end, found without parsing them. Only strings
// and brackets are told apart; whether the pieces are JSON is the parser's business.

import { BATCH_COUNT_MAX } from "#libs/dialects/batch-ids.ts";
import { HttpRefusal } from "#libs/http/http-fault.ts";
import { takeTurns } from "#libs/take-turns.ts";

/** 10,000 messages with 100 members each; a parser makes that many in half a second, in turns. */
const VALUE_COUNT_MAX = 1_000_000;
/** After so many bytes others may have their turn. */
const STRIDE_BYTES = 64 * 1024;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
/** The list's own brackets are the second ones. */
const LIST_DEPTH = 2;

export type CutBody = {
  /** The body with an empty list in place of its messages. */
  head: Buffer;
  /** Undefined for a body without such a list. */
  items: Buffer[] | undefined;
};

/**
 * In time that grows as the body does. Of several members `messages` the last one holds, as for a
 * parser. Throws HttpRefusal for a body of more than a million values.
 */
export async function cutMessages(bytes: Buffer): Promise<CutBody> {
  const turn = takeTurns();
  const cutter = messageCutter(bytes);
  for (let at = 0; at < bytes.length; at += STRIDE_BYTES) {
    await turn();
    cutter.scan(at, Math.min(at + STRIDE_BYTES, bytes.length));
  }
  return cutter.result();
}

function messageCutter(bytes: Buffer) {
  let [depth, valueCount, stringAt, listAt, listEnd, itemAt] = [0, 0, 0, 0, 0, 0];
  let [inString, isEscaped, isNamed] = [false, false, false];
  let items: Buffer[] | undefined;

  function scan(from: number, to: number): void {
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      if (inString) endString(byte);
      else take(byte, at);
    }
    if (valueCount <= VALUE_COUNT_MAX) return;
    throw new HttpRefusal({ status: 413, advice: `the body has over ${VALUE_COUNT_MAX} values.` });
  }

  function endString(byte: number): void {
    if (isEscaped) isEscaped = false;
    else if (byte === BACKSLASH) isEscaped = true;
    else if (byte === QUOTE) inString = false;
  }

  function take(byte: number, at: number): void {
    if (byte === QUOTE) {
      inString = true;
      stringAt = at;
    } else if (byte === COLON && depth === 1) name(at);
    else if (byte === COMMA) next(at);
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) open(byte, at);
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) close(at);
  }

  function name(at: number): void {
    isNamed = isMessages(stringAt, at);
    if (isNamed) items = undefined;
  }

  function isMessages(from: number, to: number): boolean {
    return bytes.toString("latin1", from, Math.min(to, from + 16)).trimEnd() === '"messages"';
  }

  function open(byte: number, at: number): void {
    depth += 1;
    valueCount += 1;
    if (byte !== OPEN_LIST || depth !== LIST_DEPTH || !isNamed) return;
    items = [];
    [listAt, listEnd, itemAt] = [at, bytes.length, at + 1];
  }

  function next(at: number): void {
    valueCount += 1;
    if (depth === 1) isNamed = false;
    if (isNamed && items && depth === LIST_DEPTH) cut(at);
  }

  function close(at: number): void {
    if (isNamed && items && depth === LIST_DEPTH) {
      const isEmpty = items.length === 0 && bytes.toString("latin1", itemAt, at).trim() === "";
      if (!isEmpty) cut(at);
      listEnd = at;
    }
    depth -= 1;
  }

  function cut(at: number): void {
    // Of too many only the number counts, and that it is too high.
    if (items && items.length <= BATCH_COUNT_MAX) items.push(bytes.subarray(itemAt, at));
    itemAt = at + 1;
  }

  /** Once, when all is read: a body may have thousands of such lists. */
  function result(): CutBody {
    if (!items) return { head: bytes, items };
    return { head: Buffer.concat([bytes.subarray(0, listAt + 1), bytes.subarray(listEnd)]), items };
  }

  return { scan, result };
}
