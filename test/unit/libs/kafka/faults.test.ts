import { expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { isRebalance, toFault } from "#libs/kafka/faults.ts";

const ofType = (type: string) => Object.assign(new Error(type), { type });

it("takes what Kafka refuses for good as a bug, and says what it was", () => {
  const fault = toFault(ofType("MESSAGE_TOO_LARGE"), "take records");
  expect(fault).not.toBeInstanceOf(RetriableError);
  expect(fault.message).toBe("Kafka refuses take records: MESSAGE_TOO_LARGE");
});

it("finds the reason behind errors that wrap it", () => {
  const wrapped = new Error("after 2 tries", { cause: ofType("RECORD_LIST_TOO_LARGE") });
  expect(toFault(wrapped, "take records")).not.toBeInstanceOf(RetriableError);
});

const kafkajsError = (name: string, cause?: Error) => {
  return Object.assign(new Error(name, { cause }), { name: `KafkaJS${name}` });
};
const systemError = Object.assign(new Error("reset"), { code: "ECONNRESET", syscall: "read" });

it.each([
  kafkajsError("ProtocolError"),
  kafkajsError("NumberOfRetriesExceeded", kafkajsError("ConnectionError")),
  Object.assign(kafkajsError("ProtocolError"), { type: "TOPIC_AUTHORIZATION_FAILED" }),
  kafkajsError("NonRetriableError", new RetriableError("no such partition")),
  systemError,
])("waits for what the broker, the network or the set-up is at fault in: %s", (error) => {
  const fault = toFault(error, "take records");
  expect(fault).toBeInstanceOf(RetriableError);
  expect(fault.cause).toBe(error);
});

it.each([
  new TypeError("no string"),
  new RangeError("no length"),
  kafkajsError("NonRetriableError", new TypeError("no string")),
  kafkajsError("NumberOfRetriesExceeded", kafkajsError("Error", new RangeError("no length"))),
  new Error("plain"),
  "odd",
  null,
])("does not wait for what nobody outside has said: %s", (error) => {
  const fault = toFault(error, "take records");
  expect(fault).not.toBeInstanceOf(RetriableError);
  expect(fault.cause).toBe(error);
});

it("knows the words by which a group says that it moves on", () => {
  expect(isRebalance(ofType("REBALANCE_IN_PROGRESS"))).toBe(true);
  expect(isRebalance(new Error("x", { cause: ofType("ILLEGAL_GENERATION") }))).toBe(true);
  expect(isRebalance(ofType("NOT_LEADER_FOR_PARTITION"))).toBe(false);
  expect(isRebalance(undefined)).toBe(false);
});
