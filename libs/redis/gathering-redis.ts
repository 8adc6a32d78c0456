// A client whose commands of one turn of the event loop leave in one write: a write costs some
// microseconds, and whoever asks all shards would pay for sixteen of them.
import { Redis } from "ioredis";

export class GatheringRedis extends Redis {
  override sendCommand(...args: Parameters<Redis["sendCommand"]>): unknown {
    const { stream } = this;
    if (stream?.writableCorked === 0) {
      stream.cork();
      process.nextTick(() => stream.uncork());
    }
    return super.sendCommand(...args);
  }
}
