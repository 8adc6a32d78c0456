import { expect, it } from "vitest";
import { readKafka, readRedis, readRegistry } from "#libs/config/connections.ts";
import { readEnv } from "#libs/config/read-env.ts";
import { newAuthority } from "#test/support/certificates.ts";

const authority = newAuthority("test");
const { cert, key } = authority.certify("client");
const ca = authority.ca;

const plain = {
  KAFKA_BROKERS: "kafka-1:9092,[::1]:9092",
  SCHEMA_REGISTRY_URL: "http://registry:8080/apis/ccompat/v7",
  REDIS_URL: "redis://redis:6379",
};
const pem = (text: string) => text.trim();
const warnings: string[] = [];

function read(env: Record<string, string>) {
  warnings.length = 0;
  return readEnv(
    { ...plain, ...env },
    (reader) => ({ kafka: readKafka(reader), ...readRegistry(reader), ...readRedis(reader) }),
    (sentence) => warnings.push(sentence),
  );
}

it("is in clear text and nameless unless something is said", () => {
  expect(read({})).toEqual({
    kafka: { brokers: ["kafka-1:9092", "[::1]:9092"] },
    registryUrl: plain.SCHEMA_REGISTRY_URL,
    registryAccess: {},
    redisUrl: plain.REDIS_URL,
    redisAccess: {},
  });
  expect(warnings).toEqual([]);
});

it("has everything at once", () => {
  const config = read({
    KAFKA_TLS: "on",
    KAFKA_TLS_CA: ca,
    KAFKA_TLS_CERT: cert,
    KAFKA_TLS_KEY: key,
    KAFKA_SASL_MECHANISM: "SCRAM-SHA-512",
    KAFKA_USERNAME: "ft",
    KAFKA_PASSWORD: "k",
    SCHEMA_REGISTRY_URL: "https://registry/apis/ccompat/v7/",
    SCHEMA_REGISTRY_TLS_CA: ca,
    SCHEMA_REGISTRY_TOKEN: "t",
    REDIS_URL: "rediss://redis:6380/3",
    REDIS_TLS_CA: ca,
    REDIS_USERNAME: "ft",
    REDIS_PASSWORD: "r",
  });
  expect(config).toEqual({
    kafka: {
      brokers: ["kafka-1:9092", "[::1]:9092"],
      tls: { ca: pem(ca), cert: pem(cert), key: pem(key) },
      sasl: { mechanism: "scram-sha-512", username: "ft", password: "k" },
    },
    registryUrl: "https://registry/apis/ccompat/v7",
    registryAccess: { tls: { ca: pem(ca) }, login: { token: "t" } },
    redisUrl: "rediss://redis:6380/3",
    redisAccess: { tls: { ca: pem(ca) }, login: { username: "ft", password: "r" } },
  });
  expect(warnings).toEqual([]);
});

it("lets the client send that is named", () => {
  expect(read({ KAFKA_CLIENT: "platformatic" }).kafka.library).toBe("platformatic");
  expect(read({ KAFKA_CLIENT: "kafkajs" })).toEqual(read({}));
});

it("takes a name and password out of a URL, which may be logged", () => {
  const { redisUrl, redisAccess, registryUrl, registryAccess } = read({
    REDIS_URL: "redis://:p%40ss@127.0.0.1:6379",
    SCHEMA_REGISTRY_URL: "http://user:pw@localhost:8080/v7",
  });
  expect({ redisUrl, registryUrl }).toEqual({
    redisUrl: "redis://127.0.0.1:6379",
    registryUrl: "http://localhost:8080/v7",
  });
  expect(redisAccess).toEqual({ login: { username: "", password: "p@ss" } });
  expect(registryAccess).toEqual({ login: { username: "user", password: "pw" } });
});

it.each([
  [{ KAFKA_BROKERS: "kafka" }, "KAFKA_BROKERS must be host:port"],
  [{ KAFKA_BROKERS: "kafka://a:1" }, "KAFKA_BROKERS must be host:port"],
  [{ KAFKA_BROKERS: "kafka:0" }, "KAFKA_BROKERS must be host:port"],
  [{ KAFKA_BROKERS: "kafka:65536" }, "KAFKA_BROKERS must be host:port"],
  [{ KAFKA_BROKERS: "[::1]" }, "KAFKA_BROKERS must be host:port"],
  [{ KAFKA_BROKERS: " , " }, "KAFKA_BROKERS has nothing between its commas"],
  [{ KAFKA_CLIENT: "librdkafka" }, "KAFKA_CLIENT must be one of kafkajs, platformatic, not"],
  [{ KAFKA_SASL_MECHANISM: "gssapi" }, "KAFKA_SASL_MECHANISM must be one of plain, scram-sha-256"],
  [{ KAFKA_SASL_MECHANISM: "plain" }, "needs KAFKA_USERNAME and KAFKA_PASSWORD"],
  [{ KAFKA_SASL_MECHANISM: "plain", KAFKA_USERNAME: "u" }, "KAFKA_USERNAME needs KAFKA_PASSWORD"],
  [{ KAFKA_PASSWORD: "p" }, "KAFKA_PASSWORD needs KAFKA_USERNAME"],
  [{ KAFKA_USERNAME: "u", KAFKA_PASSWORD: "p" }, "KAFKA_USERNAME needs KAFKA_SASL_MECHANISM"],
  [{ KAFKA_TLS_CA: ca }, "KAFKA_TLS must be on"],
  [{ KAFKA_TLS: "on", KAFKA_TLS_CERT: cert }, "KAFKA_TLS_CERT needs KAFKA_TLS_KEY"],
  [{ KAFKA_TLS: "on", KAFKA_TLS_KEY: key }, "KAFKA_TLS_KEY needs KAFKA_TLS_CERT"],
  [{ KAFKA_TLS: "on", KAFKA_TLS_CA: "/etc/ca.pem" }, "KAFKA_TLS_CA is no certificate in PEM"],
  [{ KAFKA_TLS: "on", KAFKA_TLS_CA_FILE: "/no/ca.pem" }, "KAFKA_TLS_CA_FILE: /no/ca.pem cannot"],
  [
    { KAFKA_TLS: "on", KAFKA_TLS_CERT: cert, KAFKA_TLS_KEY: authority.certify("other").key },
    "KAFKA_TLS_KEY is not the key of KAFKA_TLS_CERT",
  ],
  [
    { KAFKA_TLS: "on", KAFKA_TLS_CERT: cert, KAFKA_TLS_KEY: "hush" },
    "KAFKA_TLS_KEY is no private key",
  ],
  [{ SCHEMA_REGISTRY_URL: "ftp://registry" }, "SCHEMA_REGISTRY_URL must begin with http:"],
  [{ SCHEMA_REGISTRY_TLS_CA: ca }, "SCHEMA_REGISTRY_URL must begin with https"],
  [{ SCHEMA_REGISTRY_PASSWORD: "p" }, "SCHEMA_REGISTRY_PASSWORD needs SCHEMA_REGISTRY_USERNAME"],
  [
    {
      SCHEMA_REGISTRY_USERNAME: "u",
      SCHEMA_REGISTRY_PASSWORD: "p",
      SCHEMA_REGISTRY_TOKEN: "t",
    },
    "SCHEMA_REGISTRY_TOKEN and a password are both set",
  ],
  [{ REDIS_URL: "http://redis" }, "REDIS_URL must begin with redis:"],
  [{ REDIS_URL: "redis:6379" }, "REDIS_URL names no host"],
  [{ REDIS_URL: "redis://u@redis", REDIS_PASSWORD: "p" }, "REDIS_URL names a user without a"],
  [{ SCHEMA_REGISTRY_URL: "http://u@registry" }, "SCHEMA_REGISTRY_URL names a user without a"],
  [{ REDIS_TLS_CERT: cert, REDIS_TLS_KEY: key }, "REDIS_URL must begin with rediss"],
  [{ REDIS_USERNAME: "u" }, "REDIS_USERNAME needs REDIS_PASSWORD"],
  [
    { REDIS_URL: "redis://u:p@redis", REDIS_PASSWORD: "p" },
    "REDIS_URL and REDIS_PASSWORD both have a password",
  ],
])("refuses %j", (env, fault) => {
  expect(() => read(env)).toThrow(fault);
});

it("tells what does not fit together with everything else", () => {
  const wrong = { KAFKA_SASL_MECHANISM: "plain", KAFKA_TLS_CA: "x", REDIS_USERNAME: "u" };
  expect(() => read({ ...wrong, SCHEMA_REGISTRY_URL: "" })).toThrow(
    /^.*\n.*KAFKA_TLS must.*\n.*KAFKA_SASL.*\n.*SCHEMA_REGISTRY_URL is missing.*\n.*REDIS_USERNAME.*$/,
  );
});

it("warns of a password that goes in clear text to another machine, and shows none", () => {
  read({
    KAFKA_SASL_MECHANISM: "plain",
    KAFKA_USERNAME: "u",
    KAFKA_PASSWORD: "hush",
    SCHEMA_REGISTRY_TOKEN: "hush",
    REDIS_URL: "redis://u:hush@redis",
  });
  expect(warnings).toEqual([
    expect.stringMatching(/^KAFKA_PASSWORD goes to kafka-1, \[::1\] in clear text/),
    expect.stringMatching(/^SCHEMA_REGISTRY_\* goes to registry in clear text/),
    expect.stringMatching(/^REDIS_PASSWORD goes to redis in clear text/),
  ]);
  expect(warnings.join()).not.toContain("hush");
  const here = { KAFKA_BROKERS: "127.0.0.1:9092", SCHEMA_REGISTRY_URL: "http://[::1]/v7" };
  read({ ...here, SCHEMA_REGISTRY_TOKEN: "t", REDIS_URL: "redis://u:p@localhost" });
  expect(warnings).toEqual([]);
});

it("never shows a password that stands in a URL", () => {
  const urls = ["redis://u:hush@", "http://u:hush@redis", "redis//u:hush@redis"];
  const odd = ["redis://u:hu@sh@redis:x", "redis://u:hu/sh@redis:x", "redis://u:a/hush@b@redis:x"];
  for (const REDIS_URL of [...urls, ...odd]) {
    expect(() => read({ REDIS_URL })).toThrow(/REDIS_URL/);
    expect(() => read({ REDIS_URL })).not.toThrow(/sh@/);
    expect(() => read({ REDIS_URL })).not.toThrow(/hush/);
  }
});
