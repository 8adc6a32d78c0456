// The table of rights in deploy/secured.md is the one that the services are run with.
import { globSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { decided, leastRights, looked, REDIS_COMMANDS, type Rights } from "#deploy/least-rights.ts";

const page = readFileSync("deploy/secured.md", "utf8").replace(/ +/g, " ");

const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(" ") || "-";

/** What a decision publishes is twelve topics: the page says it once. */
function written(names: readonly string[]): string {
  const others = names.filter((name) => !decided.includes(name));
  const all = decided.every((name) => names.includes(name));
  return all ? `${list(others)} _decisions_` : list(names);
}

/** So are the dead letters' topics, which are one each. */
function readable(names: readonly string[]): string {
  const all = looked.every((name) => names.includes(name));
  const others = names.filter((name) => !looked.includes(name));
  return all ? `${list(others)} _dead letters_` : list(names);
}

function row(service: string, { kafka, redis, registry }: Rights): string {
  const described = kafka.describe ? ` (DESCRIBE ${list(kafka.describe)})` : "";
  const read = `${readable(kafka.read)}${described}`;
  const cells = [read, written(kafka.write), list(kafka.groups), list(redis ?? [])];
  return `| ${[service, ...cells, registry].join(" | ")} |`;
}

it("names every service but all-in-one", () => {
  const services = readdirSync("services").filter((name) => name !== "all-in-one");
  expect(Object.keys(leastRights).toSorted()).toEqual(services.toSorted());
});

it.each(Object.entries(leastRights))("is shown of %s", (service, rights) => {
  expect(page).toContain(row(service, rights));
});

it("shows the commands of Redis, and what decisions publish", () => {
  expect(page).toContain(REDIS_COMMANDS);
  expect(page).toContain(`_decisions_: ${list(decided)}`);
  expect(page).toContain(`_dead letters_: ${list(looked)}`);
});

const architecture = readFileSync("ARCHITECTURE.md", "utf8");
const keys = [...architecture.matchAll(/^\| `(ft:[^`]+)` .*\| ([^|]+) \|$/gm)].map(
  ([, key = "", users = ""]) => [key, users.trim()] as const,
);

it.each(keys)("lets whoever uses %s in Redis do so: %s", (key, users) => {
  // All patterns are whole keys, or begin them.
  const example = key.replace("{NN}", "{00}").replaceAll(/<\w+>|\*/g, "x");
  const mayUse = ([, { redis }]: [string, Rights]) =>
    redis?.some((pattern) =>
      pattern.endsWith("*") ? example.startsWith(pattern.slice(0, -1)) : example === pattern,
    );
  const able = Object.entries(leastRights)
    .filter(mayUse)
    .map(([name]) => name);
  const named = users.split(", ").filter((name) => Object.hasOwn(leastRights, name));
  expect(able).toEqual(expect.arrayContaining(named));
  expect(able).not.toEqual([]);
});

it("knows every key of Redis that the code writes", () => {
  const code = globSync("{libs,services}/**/*.ts").map((path) => readFileSync(path, "utf8"));
  const found = code.flatMap((text) => [...text.matchAll(/["`](ft:[a-z-]*)/g)]);
  const prefixes = new Set(found.map(([, prefix = ""]) => prefix));
  const unknown = [...prefixes].filter((prefix) => !keys.some(([key]) => key.startsWith(prefix)));
  expect(unknown).toEqual([]);
});
