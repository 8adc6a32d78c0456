// What the services of one process need once for all of them.

/** Gives what `connect` resolves with, or what an earlier caller's did that is still held. Rejects as `connect` does. */
export type Share<T> = (
  connect: () => Promise<T & AsyncDisposable>,
) => Promise<T & AsyncDisposable>;

/** For callers in one process: connected for the first of them, disposed once the last has disposed of it. */
export function sharing<T>(): Share<T> {
  let held: { connected: Promise<T & AsyncDisposable>; holderCount: number } | undefined;
  return async (connect) => {
    const own = (held ??= { connected: connect(), holderCount: 0 });
    const forget = () => {
      if (held === own) held = undefined;
    };
    own.holderCount += 1;
    // Whoever comes after a failure tries anew.
    const connection = await own.connected.catch((error: unknown) => {
      forget();
      throw error;
    });
    return {
      ...connection,
      async [Symbol.asyncDispose]() {
        own.holderCount -= 1;
        if (own.holderCount > 0) return;
        forget();
        await connection[Symbol.asyncDispose]();
      },
    };
  };
}
