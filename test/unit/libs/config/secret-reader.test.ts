import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readEnv } from "#libs/config/read-env.ts";
import { weakAgainstTries } from "#libs/config/weak-secrets.ts";

const folder = mkdtempSync(join(tmpdir(), "fallthrough-secrets-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const read = (env: Record<string, string>) =>
  readEnv(env, (reader) => ({
    key: reader.secret("KEY", { findFault: weakAgainstTries }),
    other: reader.secret("OTHER", { findFault: weakAgainstTries }),
    password: reader.password("PASSWORD"),
  }));
const strong = () => randomBytes(16).toString("hex");

it("is read from the variable or from the file that NAME_FILE names", () => {
  const [key, password] = [strong(), "short"];
  const env = { KEY_FILE: file("key", `${key}\n`), PASSWORD_FILE: file("password", password) };
  expect(read(env)).toEqual({ key, other: "", password });
});

it("keeps everything of a file but one line break at its end", () => {
  expect(read({ PASSWORD_FILE: file("odd", " a b \r\n") }).password).toBe(" a b ");
});

it("tells every file that is of no use", () => {
  const missing = join(folder, "missing");
  const env = {
    KEY_FILE: missing,
    OTHER_FILE: folder,
    PASSWORD_FILE: file("empty", "\n"),
  };
  expect(() => read(env)).toThrow(
    `KEY_FILE: ${missing} cannot be read (ENOENT).\n` +
      `  - OTHER_FILE: ${folder} cannot be read (EISDIR).\n` +
      `  - PASSWORD_FILE: ${env.PASSWORD_FILE} is empty.`,
  );
});

it("does not choose between a variable and a file", () => {
  const env = { PASSWORD: "one", PASSWORD_FILE: file("two", "two") };
  expect(() => read(env)).toThrow("PASSWORD and PASSWORD_FILE are both set; keep one.");
});

it("is good for one purpose", () => {
  const same = strong();
  expect(() => read({ KEY: same, OTHER_FILE: file("same", `${same}\n`) })).toThrow(
    "OTHER is the same as KEY",
  );
});

it("is no other one for being read again, as services of one process do", () => {
  const env = { KEY: strong(), OTHER: strong() };
  const twice = readEnv(env, ({ secret }) => {
    const reads = () => secret("KEY", { findFault: weakAgainstTries });
    return [reads(), secret("OTHER", { findFault: weakAgainstTries }), reads()];
  });
  expect(twice).toEqual([env.KEY, env.OTHER, env.KEY]);
});

const bytes = Buffer.from(
  "fbefbeff00112233445566778899aabbccddeeff0123456789abcdef10325476",
  "hex",
);
const base64 = bytes.toString("base64");
it.each([
  ["base64 without its equals sign", base64, base64.replace("=", "")],
  ["base64 of URLs", base64, bytes.toString("base64url")],
  ["base64 with other bits behind its end", base64, base64.replace(/.=$/, "Z=")],
  ["hexadecimal digits", base64, bytes.toString("hex")],
  ["large hexadecimal digits", bytes.toString("hex"), bytes.toString("hex").toUpperCase()],
  ["base64 of its text", base64, Buffer.from(base64).toString("base64")],
  ["a list", base64, `${strong()},${base64.replace("=", "")}`],
])("is good for one purpose also in another spelling: %s", (_, key, other) => {
  expect(other).not.toBe(key);
  expect(() => read({ KEY: key, OTHER: other })).toThrow("OTHER is the same as KEY");
  expect(() => read({ KEY: other, OTHER: key })).toThrow("OTHER is the same as KEY");
  expect(read({ KEY: key, OTHER: strong() }).key).toBe(key);
});

it("never shows a secret", () => {
  const same = strong();
  for (const env of [
    { KEY: same, OTHER: same },
    { KEY: "hush-hush" },
    { KEY: strong(), KEY_FILE: file("x", "y") },
  ]) {
    expect(() => read(env)).not.toThrow(/hush/);
    expect(() => read(env)).not.toThrow(new RegExp(env.KEY));
    expect(() => read(env)).toThrow(/KEY/);
  }
});
