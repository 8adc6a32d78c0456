import {
  AuthenticationError,
  MultipleErrors,
  NetworkError,
  ProtocolError,
  UserError,
} from "@platformatic/kafka";
import { expect, it } from "vitest";
import { ConfigError } from "#libs/config/read-env.ts";
import { RetriableError } from "#libs/errors.ts";
import { toConnectFault, toSendFault } from "#libs/kafka/platformatic/platformatic-faults.ts";

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
