import {
  AuthenticationError,
  MultipleErrors,
  NetworkError,
  ProtocolError,
  ResponseError,
  UserError,
} from "@platformatic/kafka";
import { expect, it } from "vitest";
import { ConfigError } from "#libs/config/read-env.ts";
import { RetriableError } from "#libs/errors.ts";
import {
  isOfGroup,
  mayPass,
  memberIdGiven,
  toConnectFault,
  toReadFault,
  toSendFault,
} from "#libs/kafka/platformatic/platformatic-faults.ts";

const many = (...errors: Error[]) => new MultipleErrors("produce failed", errors);
const tooLarge = new ProtocolError("MESSAGE_TOO_LARGE");
const systemError = Object.assign(new Error("reset"), { code: "ECONNRESET", syscall: "read" });

it("takes what Kafka refuses for good as a bug, and says what it was", () => {
  const fault = toSendFault(many(many(tooLarge)));
  expect(fault).not.toBeInstanceOf(RetriableError);
  expect(fault.message).toBe("Kafka refuses take records: MESSAGE_TOO_LARGE");
});

it.each([
  many(tooLarge, new ProtocolError("NOT_LEADER_OR_FOLLOWER")),
  many(new NetworkError("Connection closed"), many(tooLarge)),
])("waits where some records are refused and others could not be taken: %s", (error) => {
  expect(toSendFault(error)).toBeInstanceOf(RetriableError);
});

it.each([
  new NetworkError("Connection error", { cause: new Error("self-signed certificate") }),
  new ProtocolError("TOPIC_AUTHORIZATION_FAILED"),
  new UserError("Unknown topic t."),
  new UserError("TLS handshake failed.", { cause: systemError }),
  systemError,
])("waits for what the broker, the network or the set-up is at fault in: %s", (error) => {
  const fault = toSendFault(many(error));
  expect(fault).toBeInstanceOf(RetriableError);
  expect(fault.cause).toBeInstanceOf(MultipleErrors);
});

it.each([
  new TypeError("no string"),
  many(new RangeError("no length")),
  new UserError("Failed to serialize a message.", { cause: new TypeError("no string") }),
  new Error("plain"),
  "odd",
  null,
])("does not wait for what nobody outside has said: %s", (error) => {
  const fault = toSendFault(error);
  expect(fault).not.toBeInstanceOf(RetriableError);
  expect(fault.cause).toBe(error);
});

it("finds why a broker refuses us behind an end of the connection that says nothing", () => {
  const closed = new NetworkError("Connection closed");
  const cause = Object.assign(new Error("alert"), {
    code: "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
  });
  expect(toConnectFault([closed])).toBeInstanceOf(RetriableError);
  const alert = new NetworkError("Connection error", { cause });
  expect(toConnectFault([closed, many(alert)])).toBeInstanceOf(ConfigError);
});

it("waits for a broker that ends the connection before it has answered a login, and not for one that refuses it", () => {
  const closed = new NetworkError("Connection closed");
  const unanswered = new AuthenticationError("Cannot find a suitable SASL mechanism.", {
    cause: closed,
  });
  expect(toConnectFault([unanswered])).toBeInstanceOf(RetriableError);
  const refused = new AuthenticationError("SASL authentication failed.", {
    cause: new ProtocolError("SASL_AUTHENTICATION_FAILED"),
  });
  const wrapped = new NetworkError("Connection to broker failed.", { cause: refused });
  expect(toConnectFault([wrapped])).toBeInstanceOf(ConfigError);
});

it.each([
  [new NetworkError("Connection closed"), true],
  [
    many(new NetworkError("Connection closed"), new ProtocolError("COORDINATOR_NOT_AVAILABLE")),
    true,
  ],
  [new UserError("Unknown topic t."), true],
  [new RetriableError("t/0 has no leader."), true],
  [new ProtocolError("GROUP_AUTHORIZATION_FAILED"), false],
  [many(new ProtocolError("INCONSISTENT_GROUP_PROTOCOL")), false],
  [new AuthenticationError("SASL authentication failed."), false],
  [new TypeError("a bug"), false],
])("a reader waits for what may pass, and ends by all else: %s, %s", (error, isWaitedFor) => {
  expect(mayPass(error)).toBe(isWaitedFor);
});

it("tells what a group says of a member's place from what a broker is at fault in", () => {
  for (const apiId of ["ILLEGAL_GENERATION", "REBALANCE_IN_PROGRESS", "UNKNOWN_MEMBER_ID"]) {
    expect(isOfGroup(many(new ProtocolError(apiId)))).toBe(true);
  }
  expect(isOfGroup(new ProtocolError("NOT_COORDINATOR"))).toBe(false);
  expect(isOfGroup(new NetworkError("Connection closed"))).toBe(false);
});

it("takes the id that a group gives to who comes without one", () => {
  const JOIN_GROUP = 11;
  const MEMBER_ID_REQUIRED = 79;
  const answer = { memberId: "fallthrough-1" };
  const refused = new ResponseError(JOIN_GROUP, 9, { "/": [MEMBER_ID_REQUIRED, null] }, answer);
  expect(memberIdGiven(refused)).toBe("fallthrough-1");
  expect(memberIdGiven(new ProtocolError("UNKNOWN_MEMBER_ID"))).toBeUndefined();
});

it("waits for what cannot be read now, and not for a bug", () => {
  expect(toReadFault(new UserError("Unknown topic t."), "read t")).toBeInstanceOf(RetriableError);
  expect(toReadFault(new TypeError("a bug"), "read t")).not.toBeInstanceOf(RetriableError);
});
