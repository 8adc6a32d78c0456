import { access, mkdir, mkdtempDisposable, readFile, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { madeOnce } from "#test/support/made-once.ts";

it("is made by one while others wait for it, and never again", async () => {
  await using parent = await mkdtempDisposable(join(tmpdir(), "made-once-"));
  const folder = join(parent.path, "tools");
  const made: string[] = [];
  const want = (name: string) =>
    madeOnce(folder, async (making) => {
      made.push(name);
      await sleep(50);
      await writeFile(join(making, "by"), name);
    });
  expect(await Promise.all(["a", "b", "c"].map(want))).toEqual([folder, folder, folder]);
  await want("d");
  expect(made).toHaveLength(1);
  expect(await readFile(join(folder, "by"), "utf8")).toBe(made[0]);
});

it("leaves nothing where it failed, and the next one tries anew", async () => {
  await using parent = await mkdtempDisposable(join(tmpdir(), "made-once-"));
  const folder = join(parent.path, "tools");
  const failed = madeOnce(folder, () => Promise.reject(new Error("No line")));
  await expect(failed).rejects.toThrow("No line");
  await expect(access(folder)).rejects.toThrow("ENOENT");
  await madeOnce(folder, (making) => writeFile(join(making, "whole"), ""));
  await access(join(folder, "whole"));
});

it("is made in spite of what a killed one left", async () => {
  await using parent = await mkdtempDisposable(join(tmpdir(), "made-once-"));
  const folder = join(parent.path, "tools");
  await mkdir(`${folder}.making`);
  await writeFile(join(`${folder}.making`, "half"), "");
  await utimes(`${folder}.making`, 1, 1);
  await madeOnce(folder, (making) => writeFile(join(making, "whole"), ""));
  await expect(access(join(folder, "half"))).rejects.toThrow("ENOENT");
  await access(join(folder, "whole"));
});
