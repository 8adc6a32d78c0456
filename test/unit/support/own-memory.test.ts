import { expect, it } from "vitest";
import { freeOwnMemory } from "#test/support/simulation/own-memory.ts";

it("takes back what a killed process leaves, and nothing that its own end has to wait for", async () => {
  const gone: string[] = [];
  const opened = new AsyncDisposableStack();
  {
    using _ = freeOwnMemory();
    opened.use({ [Symbol.dispose]: () => void gone.push("listener") });
    opened.use({ [Symbol.asyncDispose]: async () => void gone.push("connection") });
    expect(gone).toEqual([]);
  }
  expect(gone).toEqual(["listener"]);
  await opened.disposeAsync();
  expect(gone).toEqual(["listener", "connection", "listener"]);
});

it("has nothing to do with what is opened after it", () => {
  const gone: string[] = [];
  const memory = freeOwnMemory();
  memory[Symbol.dispose]();
  new AsyncDisposableStack().use({ [Symbol.dispose]: () => void gone.push("listener") });
  memory[Symbol.dispose]();
  expect(gone).toEqual([]);
});
