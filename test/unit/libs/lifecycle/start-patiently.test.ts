import { expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { startPatiently } from "#libs/lifecycle/start-patiently.ts";
import { createLog } from "#libs/telemetry/log.ts";

const log = createLog("test", "fatal");

function setup() {
  const told: string[] = [];
  const stopping = new AbortController();
  const onWait = ({ message }: RetriableError) => void told.push(message);
  return { told, stopping, waiting: { log, onWait, stop: stopping.signal } };
}

it("starts again while what it needs is away, and tells of it", async () => {
  const { told, waiting } = setup();
  const start = async () => {
    if (told.length < 2) throw new RetriableError("Kafka is away");
    return "started";
  };
  expect(await startPatiently(start, waiting)).toBe("started");
  expect(told).toEqual(["Kafka is away", "Kafka is away"]);
});

it("gives any other fault back at once", async () => {
  const { told, waiting } = setup();
  const fault = new Error("The port is taken.");
  const start = () => Promise.reject(fault);
  await expect(startPatiently(start, waiting)).rejects.toBe(fault);
  expect(told).toEqual([]);
});

it("stops waiting when the process is told to end", async () => {
  const { told, stopping, waiting } = setup();
  const start = () => {
    if (told.length === 1) stopping.abort();
    return Promise.reject(new RetriableError("Kafka is away"));
  };
  expect(await startPatiently(start, waiting)).toBeUndefined();
  expect(told).toHaveLength(2);
});
