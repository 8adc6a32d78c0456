/** Between two looks, while one is due. */
const PAUSE_MS = 200;

/** Looks as soon as it is called for, and again while it is, or not all is as it should be. One look at a time. */
export function lookWhileDue(look: () => Promise<void>, isAllRight: () => boolean) {
  let timer: NodeJS.Timeout | undefined;
  let [isDue, isOver] = [false, false];
  async function turn(): Promise<void> {
    isDue = false;
    // Whoever was asked is away, or in turmoil: somebody else is asked next.
    await look().catch(() => undefined);
    timer = undefined;
    if (!isOver && (isDue || !isAllRight()))
      timer = setTimeout(() => void turn(), PAUSE_MS).unref();
  }
  return {
    soon(): void {
      isDue = true;
      if (!isOver) timer ??= setTimeout(() => void turn(), 0).unref();
    },
    [Symbol.dispose](): void {
      isOver = true;
      clearTimeout(timer);
    },
  };
}
