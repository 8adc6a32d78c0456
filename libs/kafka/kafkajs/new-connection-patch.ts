// kafkajs 2.2.4 uses one object for all the connections to a broker that come after each other, and what had come of an answer
// when one was cut is taken for the beginning of the next one's answers: from then on none is understood, each request waits
// for its time in vain, and fetches, which have a connection of their own, never come again while heartbeats go on. This
// forgets it.
import { requireInternal } from "./kafkajs-internals.ts";

type Connection = {
  chunks: Buffer[];
  bytesBuffered: number;
  /** For the length of an answer, in front of it. */
  bytesNeeded: number;
  isConnected(): boolean;
  connect: (this: Connection) => Promise<unknown>;
};

const LENGTH_BYTES = 4;

/** Repairs kafkajs in this process. */
export function patchNewConnection(): void {
  const { prototype }: { prototype: Connection } = requireInternal("network/connection");
  const { connect } = prototype;
  prototype.connect = function connectWithNothing() {
    if (!this.isConnected()) {
      Object.assign(this, { chunks: [], bytesBuffered: 0, bytesNeeded: LENGTH_BYTES });
    }
    return connect.call(this);
  };
}
