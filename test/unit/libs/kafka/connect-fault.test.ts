import { expect, it } from "vitest";
import { ConfigError } from "#libs/config/read-env.ts";
import { RetriableError } from "#libs/errors.ts";
import { toConnectFault } from "#libs/kafka/connect-fault.ts";
import { requireInternal } from "#libs/kafka/kafkajs/kafkajs-internals.ts";

const { KafkaJSSASLAuthenticationError } = requireInternal("errors");
const plain = requireInternal("broker/saslAuthenticator/plain");
const logger = { debug: () => undefined, error: () => undefined };

/** What kafkajs makes of a login whose request ends by `cause`. */
async function failedLogin(cause: Error): Promise<Error> {
  const sasl = { username: "us", password: "secret" };
  const saslAuthenticate = () => Promise.reject(cause);
  const { authenticate } = plain(sasl)({ host: "broker", port: 9092, logger, saslAuthenticate });
  return authenticate().then(
    () => new Error("It did not fail."),
    (error: Error) => error,
  );
}

it.each([
  "Closed connection",
  "Connection timeout",
  "Connection error: read ECONNRESET",
  "Connection closed by the server",
  "Request SaslAuthenticate(key: 36, version: 1) timed out",
])("a login that ends by %s is waited for", async (words) => {
  const error = await failedLogin(new Error(words));
  expect(error).toBeInstanceOf(KafkaJSSASLAuthenticationError);
  expect(toConnectFault(error)).toBeInstanceOf(RetriableError);
});

it("a login that the broker refuses is a fault of the configuration", async () => {
  const error = await failedLogin(new Error("Authentication failed: Invalid username or password"));
  expect(toConnectFault(error)).toBeInstanceOf(ConfigError);
});
