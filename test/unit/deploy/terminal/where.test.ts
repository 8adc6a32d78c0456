import { expect, it } from "vitest";
import { parseAddressFile } from "#deploy/product/address-file.ts";
import { chooseInfrastructure, chooseKey, chooseUrl } from "#deploy/terminal/where.ts";

const rule = { option: "--key", variable: "FALLTHROUGH_KEY", demoKey: "demo-key" };
const infrastructure = { KAFKA_BROKERS: "127.0.0.1:9092", SHARD_COUNT: "32" };
const written = JSON.stringify({
  api: "http://127.0.0.1:8090",
  carrierSimulator: "http://127.0.0.1:8082",
  metrics: "http://127.0.0.1:9400",
  infrastructure,
});
const running = parseAddressFile(written);

it("goes where it is told, else where the product runs, else to the usual address", () => {
  expect(chooseUrl("https://api.example/", running)).toBe("https://api.example");
  expect(chooseUrl(undefined, running)).toBe("http://127.0.0.1:8090");
  expect(chooseUrl("", undefined)).toBe("http://127.0.0.1:8080");
});

it("refuses what is no HTTP address", () => {
  expect(() => chooseUrl("localhost:8080", undefined)).toThrow("is no HTTP address");
});

it("uses the public key on loopback only", () => {
  expect(chooseKey("http://[::1]:8080", undefined, rule)).toBe("demo-key");
  expect(chooseKey("https://api.example", "mine", rule)).toBe("mine");
  expect(() => chooseKey("https://api.example", undefined, rule)).toThrow(
    "Set FALLTHROUGH_KEY, or give --key.",
  );
});

it("finds the Kafka and Redis of what runs in this folder, unless the environment names one", () => {
  const login = { REDIS_PASSWORD: "secret" };
  expect(chooseInfrastructure(undefined, login, running)).toEqual({ ...infrastructure, ...login });
  expect(chooseInfrastructure("http://127.0.0.1:8090", {}, running)).toEqual(infrastructure);
  const elsewhere = { REDIS_URL: "redis://redis.example" };
  expect(chooseInfrastructure(undefined, elsewhere, running)).toEqual(elsewhere);
  expect(() => chooseInfrastructure("https://api.example", {}, running)).toThrow(
    "set KAFKA_BROKERS, SCHEMA_REGISTRY_URL, REDIS_URL.",
  );
  expect(() => chooseInfrastructure(undefined, {}, undefined)).toThrow(
    "Nothing runs here. Start it with `npm start`",
  );
});

it("knows nothing by a file that was cut off or is another version's", () => {
  expect(parseAddressFile(written.slice(0, -5))).toBeUndefined();
  expect(parseAddressFile('{ "api": "http://127.0.0.1:8090" }')).toBeUndefined();
});
