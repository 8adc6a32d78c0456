import type { FlowStore, TimerPage } from "#libs/flow-store/ports.ts";

/** A shard's timers, page by page: each open message has one. One may come twice. */
export async function* timerPages(
  shard: number,
  store: Pick<FlowStore, "scanTimers">,
): AsyncGenerator<TimerPage["timers"]> {
  let cursor = "0";
  do {
    const page = await store.scanTimers(shard, cursor);
    cursor = page.cursor;
    yield page.timers;
  } while (cursor !== "0");
}
