export type Bell = {
  ring(): void;
  /** Resolves once it has rung since the last wait, after `pauseMs` at the latest. */
  wait(pauseMs: number): Promise<void>;
};

/** Wakes the one loop that waits, also if it rings before the loop does. */
export function createBell(): Bell {
  let hasRung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      hasRung = true;
      wake?.();
    },
    async wait(pauseMs) {
      if (!hasRung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pauseMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = undefined;
      hasRung = false;
    },
  };
}
