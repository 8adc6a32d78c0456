import { expect, it, vi } from "vitest";
import { sharing } from "#libs/share.ts";

function counted() {
  const close = vi.fn<() => Promise<void>>(async () => {});
  const connect = vi.fn<() => Promise<{ name: string } & AsyncDisposable>>(async () => {
    return { name: "view", [Symbol.asyncDispose]: close };
  });
  return { connect, close };
}

const failing = () => Promise.reject(new Error("Kafka is away."));

it("connects for the first, and closes with the last", async () => {
  const { connect, close } = counted();
  const share = sharing<{ name: string }>();
  const [one, other] = await Promise.all([share(connect), share(connect)]);
  expect(other.name).toBe("view");
  await one[Symbol.asyncDispose]();
  expect([connect.mock.calls.length, close.mock.calls.length]).toEqual([1, 0]);
  await other[Symbol.asyncDispose]();
  expect(close).toHaveBeenCalledTimes(1);
});

it("connects anew for whoever comes after the last, or after a failure", async () => {
  const { connect, close } = counted();
  const share = sharing<{ name: string }>();
  await (await share(connect))[Symbol.asyncDispose]();
  const failed = await Promise.allSettled([share(failing), share(connect)]);
  expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await (await share(connect))[Symbol.asyncDispose]();
  expect([connect.mock.calls.length, close.mock.calls.length]).toEqual([2, 2]);
});
