// kafkajs 2.2.4 uses one object for all the connections to a broker that come after each other, and what had come of an answer
// when one was cut is taken for the beginning of the next one's answers: from then on none is understood, each request waits
// for its time in vain, and fetches, which have a connection of their own, never come again while heartbeats go on. This
// forgets it.
// And whoever asks a broker while another is connecting opens a connection more, of which the object knows the last one alone:
// the others are never closed, and keep a process that is told to stop from ending. This lets them wait for the first one.
import { requireInternal } from "./kafkajs-internals.ts";

type Connection = {
  chunks: Buffer[];
  bytesBuffered: number;
  /** For the length of an answer, in front of it. */
  bytesNeeded: number;
  connectionTimeout: number;
  isConnected(): boolean;
  connect: (this: Connection) => Promise<unknown>;
};

const LENGTH_BYTES = 4;

/** Repairs kafkajs in this process. */
export function patchNewConnection(): void {
  const { prototype }: { prototype: Connection } = requireInternal("network/connection");
  const { connect } = prototype;
  const connecting = new WeakMap<Connection, Promise<unknown>>();
  prototype.connect = function connectOnce() {
    const known = connecting.get(this);
    if (known) return known;
    if (this.isConnected()) return connect.call(this);
    Object.assign(this, { chunks: [], bytesBuffered: 0, bytesNeeded: LENGTH_BYTES });
    const forget = () => void (connecting.get(this) === begun && connecting.delete(this));
    // One that is cut while it connects never ends: nobody else is to wait for it longer than it may take.
    const limit = setTimeout(forget, this.connectionTimeout).unref();
    const begun = connect.call(this).finally(() => {
      clearTimeout(limit);
      forget();
    });
    connecting.set(this, begun);
    return begun;
  };
}
