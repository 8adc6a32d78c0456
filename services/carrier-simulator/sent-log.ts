// What the simulated carriers took or refused, for whoever wants to see it.
import type { Channel } from "#libs/contracts/topics.ts";

/** The newest calls that are kept: some 30 MB with the texts of usual messages. */
const CALL_COUNT_MAX = 100_000;
/** UTF-16 units of all their texts together; without it, long ones would fill the memory. */
const TEXT_LENGTH_MAX = 32 * 1024 * 1024;

export type SentCall = {
  channel: Channel;
  recipient: string;
  sender: string | null;
  text: string;
  commandId: string;
  /** How long the carrier may try, as it was told; null: as long as it likes. */
  ttlSeconds: number | null;
  /** null if the call was refused. */
  providerMessageId: string | null;
  /** How many calls there were with this commandId, this one included. */
  attempts: number;
  /** Epoch ms. */
  receivedAt: number;
  /** When nothing of it can be taken back any more, epoch ms; null: never, as far as is planned. */
  finalAt: number | null;
  /** Taken back: nothing more is said of it. */
  isRevoked: boolean;
};

type NewCall = Omit<SentCall, "attempts" | "isRevoked">;

export type SentLog = {
  /** Notes a new call; `attempts` is counted here. */
  add(call: NewCall): SentCall;
  /** The newest call of that channel and commandId. */
  findLast(channel: Channel, commandId: string): SentCall | undefined;
  /** Oldest first. */
  list(recipient: string | undefined): SentCall[];
};

/** An empty log. */
export function sentLog(): SentLog {
  /** By consecutive numbers: to look for a Map's first entry means to pass by all that were before it. */
  const calls = new Map<number, SentCall>();
  const lastCalls = new Map<string, SentCall>();
  let [oldestId, nextId] = [0, 0];
  let textLength = 0;

  function add(call: NewCall): SentCall {
    const key = `${call.channel}:${call.commandId}`;
    const attempts = (lastCalls.get(key)?.attempts ?? 0) + 1;
    const added = { ...call, attempts, isRevoked: false };
    calls.set(nextId, added);
    textLength += added.text.length;
    nextId += 1;
    lastCalls.set(key, added);
    dropOldest();
    return added;
  }

  function dropOldest(): void {
    while (calls.size > CALL_COUNT_MAX || textLength > TEXT_LENGTH_MAX) {
      const call = calls.get(oldestId);
      if (!call) return;
      calls.delete(oldestId);
      oldestId += 1;
      textLength -= call.text.length;
      const key = `${call.channel}:${call.commandId}`;
      if (lastCalls.get(key) === call) lastCalls.delete(key);
    }
  }

  return {
    add,
    findLast: (channel, commandId) => lastCalls.get(`${channel}:${commandId}`),
    list(recipient) {
      const all = [...calls.values()];
      if (!recipient) return all;
      const wanted = plain(recipient);
      return all.filter((call) => plain(call.recipient) === wanted);
    },
  };
}

/** Without the plus sign, which a query string turns into a space. */
function plain(recipient: string): string {
  return recipient.replace(/^[+ ]/, "");
}
