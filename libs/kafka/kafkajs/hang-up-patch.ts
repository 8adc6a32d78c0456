// kafkajs 2.2.4 goes on with a connection on which a request has had no answer in its time. Where the broker has vanished
// without a word, as with its machine, each try waits for its time again, on the same dead connection: a member read
// nothing for 86 s. This hangs up, so that the next try comes by a new connection. Not on one that has sent records:
// by another one their repetition, and what is sent next, could come before them.
import { requireInternal } from "./kafkajs-internals.ts";

type Connection = {
  broker: string;
  requestTimeout: number;
  socket?: { destroy(): void };
  requestQueue: { inflight: ReadonlyMap<number, { requestTimeout: number }> };
  isConnected(): boolean;
  rejectRequests(error: Error): void;
  disconnect(): Promise<unknown>;
  send: (this: Connection, asked: { request: { apiKey: number } }) => Promise<unknown>;
};

const PRODUCE = 0;

/** Repairs kafkajs in this process. */
export function patchHangUp(): void {
  const { prototype }: { prototype: Connection } = requireInternal("network/connection");
  const { send } = prototype;
  const senders = new WeakSet<Connection>();
  prototype.send = async function sendOrHangUp(asked) {
    if (asked.request.apiKey === PRODUCE) senders.add(this);
    try {
      return await send.call(this, asked);
    } catch (error) {
      const isDead = isSilence(error) && this.isConnected() && !isPatient(this);
      if (isDead && !senders.has(this)) await hangUp(this);
      throw error;
    }
  };
}

function isSilence(error: unknown): boolean {
  return error instanceof Error && error.name === "KafkaJSRequestTimeoutError";
}

/** A broker answers in turn: while it is asked for what takes longer, such as a place in a group, others wait for that. */
function isPatient({ requestQueue, requestTimeout }: Connection): boolean {
  return [...requestQueue.inflight.values()].some((each) => each.requestTimeout > requestTimeout);
}

async function hangUp(connection: Connection): Promise<void> {
  const { KafkaJSConnectionError } = requireInternal("errors");
  const { broker, socket } = connection;
  connection.rejectRequests(new KafkaJSConnectionError("Closed connection", { broker }));
  await connection.disconnect();
  socket?.destroy();
}
