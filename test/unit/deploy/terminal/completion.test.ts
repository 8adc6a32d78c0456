import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { completionScripts, toWords } from "#deploy/terminal/completion.ts";
import { createProgram } from "#deploy/terminal/program.ts";

const words = toWords(createProgram({}));

it("knows every command with its options and values", () => {
  expect(wordsOf("")).toEqual(expect.arrayContaining(["send", "story", "settings", "--url"]));
  expect(wordsOf("settings")).toEqual(expect.arrayContaining(["export", "diff", "apply"]));
  expect(wordsOf("settings apply")).toEqual(expect.arrayContaining(["--prune", "--yes", "--json"]));
  expect(wordsOf("completion")).toEqual(expect.arrayContaining(["bash", "zsh", "fish"]));
});

it.each([
  [["fallthrough", "settings", "a"], ["apply"]],
  [["fallthrough", "settings", "apply", "--p"], ["--prune"]],
  [["fallthrough", "--json", "st"], ["story"]],
  [["fallthrough", "story", "--w"], ["--watch"]],
])("completes %j in bash", async (typed, expected) => {
  const script = `${completionScripts.bash(words)}
COMP_WORDS=(${typed.join(" ")}); COMP_CWORD=${typed.length - 1}; _fallthrough
echo "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)("bash", ["-c", script]);
  expect(stdout.trim().split(" ")).toEqual(expected);
});

it("names the same words for zsh and fish", () => {
  for (const { words: list } of words) {
    expect(completionScripts.zsh(words)).toContain(list.join(" "));
    expect(completionScripts.fish(words)).toContain(list.join(" "));
  }
});

function wordsOf(path: string) {
  return words.find((each) => each.path === path)?.words;
}
