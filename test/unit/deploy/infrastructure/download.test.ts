import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtempDisposable, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { downloadAll } from "#deploy/infrastructure/download.ts";

const quiet = { say: () => undefined, update: () => undefined };
const signal = new AbortController().signal;

/** A repository that has one answer for every path. */
async function repository(body: string): Promise<AsyncDisposable & { baseUrl: string }> {
  const server = createServer((_request, response) => response.end(body)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

function pinned(body: string) {
  const sha256 = createHash("sha256").update(body).digest("hex");
  return [{ path: "org/a/1/a-1.jar", sizeBytes: body.length, sha256 }];
}

it("brings a file to its place in the repository's layout", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "download-"));
  await using source = await repository("jar");
  const options = { folder: folder.path, baseUrl: source.baseUrl, progress: quiet, signal };
  await downloadAll(pinned("jar"), options);
  expect(await readFile(join(folder.path, "org/a/1/a-1.jar"), "utf8")).toBe("jar");
});

it("refuses bytes that are not the pinned ones and leaves no file behind", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "download-"));
  await using source = await repository("evil");
  const options = { folder: folder.path, baseUrl: source.baseUrl, progress: quiet, signal };
  await expect(downloadAll(pinned("jar"), options)).rejects.toThrow(
    "its checksum is not the pinned",
  );
  expect(existsSync(join(folder.path, "org/a/1/a-1.jar"))).toBe(false);
});
