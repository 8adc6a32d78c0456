// A real broker that wants TLS and proof of who comes, and what a wrong setting is told.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readKafka } from "#libs/config/connections.ts";
import { ConfigError, readEnv } from "#libs/config/read-env.ts";
import { RetriableError } from "#libs/errors.ts";
import { createTopics } from "#libs/kafka/admin.ts";
import { checkReadable } from "#libs/kafka/check-readable.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { newAuthority } from "#test/support/certificates.ts";
import { clients } from "#test/support/kafka-clients.ts";
import { openGroup } from "#test/support/kafka-group.ts";
import { grant } from "#test/support/kafka-rights.ts";
import { type SecuredBroker, startSecuredBroker } from "#test/support/secured-broker.ts";

const log = createLog("test", "fatal");
const topic = "secured";
const password = randomBytes(12).toString("hex");
const opened = new AsyncDisposableStack();
let broker: SecuredBroker;

beforeAll(async () => {
  broker = opened.use(
    await startSecuredBroker({ writer: password, reader: password, nobody: password }),
  );
  await createTopics(broker.admin, [
    { name: topic, partitions: 1, replicationFactor: 1, config: {} },
  ]);
  await grant(broker.admin, "writer", { write: [topic], read: [], groups: [] });
  await grant(broker.admin, "reader", { write: [], read: [topic], groups: ["group-*"] });
});
afterAll(() => opened.disposeAsync());

const overSasl = () => ({
  KAFKA_BROKERS: broker.sasl,
  KAFKA_TLS: "on",
  KAFKA_TLS_CA: broker.authority.ca,
});
const as = (KAFKA_USERNAME: string, KAFKA_PASSWORD = password) => ({
  KAFKA_SASL_MECHANISM: "plain",
  KAFKA_USERNAME,
  KAFKA_PASSWORD,
});

describe.each(clients)("the producer of $name", ({ client }) => {
  async function publish(env: Record<string, string>): Promise<void> {
    await using producer = await connectProducer({ ...readEnv(env, readKafka), ...client, log });
    await producer.publish([{ topic, key: "k", value: Buffer.from("v") }]);
  }

  async function failureOf(env: Record<string, string>): Promise<string> {
    const failure = await publish(env).then(
      () => expect.fail("It is let in."),
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(ConfigError);
    expect(String(failure)).not.toContain(password);
    return String(failure);
  }

  it.each(["plain", "scram-sha-256", "scram-sha-512"])("takes records by %s", async (mechanism) => {
    const env = { ...overSasl(), ...as("writer"), KAFKA_SASL_MECHANISM: mechanism };
    await expect(publish(env)).resolves.toBeUndefined();
  });

  it("takes records by a certificate, whose name is the user", async () => {
    const { cert, key } = broker.authority.certify("writer");
    const proof = { KAFKA_TLS_CERT: cert, KAFKA_TLS_KEY: key };
    const env = { ...overSasl(), KAFKA_BROKERS: broker.mtls, ...proof };
    await expect(publish(env)).resolves.toBeUndefined();
  });

  it("waits for a right that is missing: no record is at fault", async () => {
    await expect(publish({ ...overSasl(), ...as("nobody") })).rejects.toThrow("Kafka could not");
  });

  it.each(["plain", "scram-sha-512"])("names the login that %s refuses", async (mechanism) => {
    const wrong = { ...as("writer", `not-${password.slice(1)}`), KAFKA_SASL_MECHANISM: mechanism };
    expect(await failureOf({ ...overSasl(), ...wrong })).toMatch(
      /KAFKA_USERNAME and KAFKA_PASSWORD/,
    );
  });

  it("names the authority that is missing, or another", async () => {
    for (const wrong of [{ KAFKA_TLS_CA: "" }, { KAFKA_TLS_CA: newAuthority("stranger").ca }]) {
      const env = { ...overSasl(), ...as("writer"), ...wrong };
      expect(await failureOf(env)).toMatch(/KAFKA_TLS_CA does not vouch/);
    }
  });

  it("names the certificate that is missing", async () => {
    const env = { ...overSasl(), KAFKA_BROKERS: broker.mtls };
    expect(await failureOf(env)).toMatch(/KAFKA_TLS_CERT/);
  });
});

describe.each(clients)("the consumer of $name", ({ client }) => {
  /** Joins, and waits for a record's value. */
  async function read(env: Record<string, string>): Promise<string> {
    await using group = await openGroup(client);
    const { promise, resolve } = Promise.withResolvers<string>();
    await group.join(topic, ([record]) => resolve(record!.value), {
      kafka: { ...readEnv(env, readKafka), log },
    });
    return await promise;
  }

  it.each(["plain", "scram-sha-256", "scram-sha-512"])("reads by %s", async (mechanism) => {
    await using producer = await connectProducer({ ...broker.admin, log });
    await producer.publish([{ topic, key: "k", value: Buffer.from("v") }]);
    const env = { ...overSasl(), ...as("reader"), KAFKA_SASL_MECHANISM: mechanism };
    expect(await read(env)).toBe("v");
  });

  it("reads by a certificate, whose name is the user", async () => {
    const { cert, key } = broker.authority.certify("reader");
    const proof = { KAFKA_TLS_CERT: cert, KAFKA_TLS_KEY: key };
    const env = { ...overSasl(), KAFKA_BROKERS: broker.mtls, ...proof };
    expect(await read(env)).toBe("v");
  });

  it("names the login that is refused, and the authority that is missing", async () => {
    const refused = read({ ...overSasl(), ...as("reader", "another") });
    await expect(refused).rejects.toThrow(/KAFKA_USERNAME and KAFKA_PASSWORD/);
    const unknown = read({ ...overSasl(), ...as("reader"), KAFKA_TLS_CA: "" });
    await expect(unknown).rejects.toThrow(/KAFKA_TLS_CA does not vouch/);
  });

  it("waits for the right to read that is missing", async () => {
    await expect(read({ ...overSasl(), ...as("nobody") })).rejects.toThrow(RetriableError);
  });
});

async function askToRead(user: string): Promise<void> {
  const env = { ...overSasl(), ...as(user) };
  await checkReadable({ ...readEnv(env, readKafka), log }, topic);
}

it("tells at once whose right to read is missing, and waits for it", async () => {
  await expect(askToRead("reader")).resolves.toBeUndefined();
  for (const user of ["writer", "nobody"]) {
    const refused = askToRead(user);
    await expect(refused).rejects.toThrow(RetriableError);
    await expect(refused).rejects.toThrow(`The right to read ${topic} is missing.`);
  }
}, 60_000);
