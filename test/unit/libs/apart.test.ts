import { expect, it } from "vitest";
import { handleApart, noneWaiting } from "#libs/apart.ts";
import { RetriableError, WaitsAloneError } from "#libs/errors.ts";

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A handler that fails for all that hold an odd item, and what it has handled. */
function failingFor(isOdd: (item: number) => boolean, error: Error) {
  const handled: number[] = [];
  const handle = async (items: readonly number[]) => {
    if (items.some(isOdd)) throw error;
    handled.push(...items);
  };
  return { handled, handle };
}

it("handles all at once where nothing is odd", async () => {
  const calls: number[] = [];
  const handle = async (items: readonly number[]) => void calls.push(items.length);
  expect(await handleApart(upTo(7), handle)).toEqual({ odd: [], waiting: [] });
  expect(calls).toEqual([7]);
});

it("returns what is odd, and handles the rest in order", async () => {
  const fault = new Error("a bug");
  const { handled, handle } = failingFor((item) => item === 2, fault);
  const { odd } = await handleApart(upTo(5), handle);
  expect(odd).toEqual([{ item: 2, fault }]);
  expect(handled).toEqual([0, 1, 3, 4]);
});

it("takes some that are all odd for odd, and a hundred for a fault of its own", async () => {
  const { handle } = failingFor(() => true, new Error("a bug"));
  expect((await handleApart(upTo(99), handle)).odd).toHaveLength(99);
  await expect(handleApart(upTo(100), handle)).rejects.toThrow("a bug");
});

it("sets nothing aside while a dependency is away", async () => {
  const { handle } = failingFor((item) => item === 1, new RetriableError("away"));
  await expect(handleApart(upTo(3), handle)).rejects.toThrow(RetriableError);
});

it("lets one wait that waits alone, and handles the others", async () => {
  const fault = new WaitsAloneError("a newer version", "Upgrade this process.");
  const { handled, handle } = failingFor((item) => item === 3, fault);
  const apart = await handleApart(upTo(6), handle);
  expect(apart).toEqual({ odd: [], waiting: [{ item: 3, fault }] });
  expect(handled).toEqual([0, 1, 2, 4, 5]);
  expect(() => noneWaiting(apart)).toThrow(fault);
});

it("finds one among many in a few calls", async () => {
  const calls: number[] = [];
  const handle = async (items: readonly number[]) => {
    calls.push(items.length);
    if (items.includes(300)) throw new Error("a bug");
  };
  await handleApart(upTo(512), handle);
  // All, and two halves at each of nine levels.
  expect(calls).toHaveLength(19);
});
