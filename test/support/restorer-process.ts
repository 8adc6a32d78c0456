// A restorer in a process of its own, for tests that kill it, or let it stand still with a batch in its hands: it
// stores two batches, tells of each of the others, and waits until its standard input says anything.
//
//   node test/support/restorer-process.ts <redis url> <shards>, with the broker and registry in the environment
import { once } from "node:events";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { restorerAt } from "#test/support/restorer.ts";

const FREE_COUNT = 2;

const [redisUrl = "", shardCount = ""] = process.argv.slice(2);
await using resources = new AsyncDisposableStack();
const restorer = await restorerAt(redisUrl, Number(shardCount), resources);
const { store } = restorer;
const goesOn = once(process.stdin, "data");
let count = 0;
const halting: typeof store = {
  ...store,
  async restore(closed, messages) {
    if (count++ >= FREE_COUNT) {
      console.log("stands still");
      await goesOn;
    }
    return store.restore(closed, messages);
  },
};
try {
  await restorer.restore({ store: halting });
  console.log("has opened");
} catch (error) {
  if (!(error instanceof ShardClosedError)) throw error;
  console.log("was too late");
}
process.stdin.destroy();
