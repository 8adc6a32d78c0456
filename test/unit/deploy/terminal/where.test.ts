import { expect, it } from "vitest";
import { chooseKey, chooseUrl } from "#deploy/terminal/where.ts";

const rule = { option: "--key", variable: "FALLTHROUGH_KEY", demoKey: "demo-key" };
const running = JSON.stringify({ api: "http://127.0.0.1:8090" });

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
