import { expect, it } from "vitest";
import { ConfigError, type EnvReader, readEnv } from "#libs/config/read-env.ts";

function read(reader: EnvReader) {
  return {
    brokers: reader.list("KAFKA_BROKERS"),
    url: reader.url("REDIS_URL"),
    port: reader.integer("PORT", { default: 8080, min: 0, max: 65_535 }),
    scale: reader.number("SCALE", { default: 1, min: 0.001, max: 1 }),
    level: reader.oneOf("LEVEL", ["info", "warn"], "info"),
    host: reader.text("HOST", { default: "127.0.0.1" }),
  };
}

const twice = (reader: EnvReader) => [reader.text("A"), reader.text("A")];

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readEnv(env, read);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

it("reads typed values, trimmed, and fills in defaults", () => {
  const env = { KAFKA_BROKERS: " a:1 , b:2,", REDIS_URL: "redis://r", SCALE: "0.05", HOST: " " };
  expect(readEnv(env, read)).toEqual({
    brokers: ["a:1", "b:2"],
    url: "redis://r",
    port: 8080,
    scale: 0.05,
    level: "info",
    host: "127.0.0.1",
  });
});

it("lists every fault at once, each with its variable and what is allowed", () => {
  expect(faultsOf({ REDIS_URL: "not a url", PORT: "70000", SCALE: "x", LEVEL: "loud" })).toEqual([
    "KAFKA_BROKERS is missing.",
    'REDIS_URL must be a URL, not "not a url".',
    'PORT must be a number from 0 to 65535, not "70000".',
    'SCALE must be a number from 0.001 to 1, not "x".',
    'LEVEL must be one of info, warn, not "loud".',
  ]);
});

it("refuses a fraction where a whole number is asked for", () => {
  const env = { KAFKA_BROKERS: "a:1", REDIS_URL: "redis://r", PORT: "80.5" };
  expect(faultsOf(env)).toEqual(['PORT must be a whole number, not "80.5".']);
});

it("tells a fault once, however many services need the variable", () => {
  expect(() => readEnv({}, twice)).toThrow(
    /^The environment is not usable:\n {2}- A is missing\.$/,
  );
});
