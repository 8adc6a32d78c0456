import { expect, it } from "vitest";
import { handleApart } from "#libs/apart.ts";
import { RetriableError } from "#libs/errors.ts";

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
  expect(await handleApart(upTo(7), handle)).toEqual([]);
  expect(calls).toEqual([7]);
});

it("returns what is odd, and handles the rest in order", async () => {
  const fault = new Error("a bug");
  const { handled, handle } = failingFor((item) => item === 2, fault);
  expect(await handleApart(upTo(5), handle)).toEqual([{ item: 2, fault }]);
  expect(handled).toEqual([0, 1, 3, 4]);
});

it("takes some that are all odd for odd, and a hundred for a fault of its own", async () => {
  const { handle } = failingFor(() => true, new Error("a bug"));
  expect(await handleApart(upTo(99), handle)).toHaveLength(99);
  await expect(handleApart(upTo(100), handle)).rejects.toThrow("a bug");
});

it("sets nothing aside while a dependency is away", async () => {
  const { handle } = failingFor((item) => item === 1, new RetriableError("away"));
  await expect(handleApart(upTo(3), handle)).rejects.toThrow(RetriableError);
});
