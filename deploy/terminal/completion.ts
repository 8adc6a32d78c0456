// Completion scripts for three shells, made from commander's tree, so that they never lag behind it.
import type { Command } from "commander";

/** What may follow a path of commands: `settings` -> apply, diff, export, --json ... */
export type Words = { path: string; words: string[] }[];

/** Every path of commands with the subcommands, options and values that may follow. */
export function toWords(program: Command): Words {
  const globals = optionsOf(program);
  const visit = (command: Command, path: string): Words => {
    const names = command.commands.map((child) => child.name());
    const values = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
    const words = [...new Set([...names, ...values, ...optionsOf(command), ...globals, "--help"])];
    const below = command.commands.flatMap((child) =>
      visit(child, `${path} ${child.name()}`.trim()),
    );
    return [{ path, words }, ...below];
  };
  return visit(program, "");
}

export const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

export function isShell(word: string): word is Shell {
  return shells.some((shell) => shell === word);
}

/** File names are offered wherever no word of ours fits. */
export const completionScripts: Readonly<Record<Shell, (words: Words) => string>> = {
  bash: (words) => `_fallthrough() {
  local path="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${pathCases(words)}
    esac
  done
  case "$path" in
${wordCases(words, (list) => `COMPREPLY=($(compgen -W "${list}" -- "\${COMP_WORDS[COMP_CWORD]}"))`)}
  esac
}
complete -o default -F _fallthrough fallthrough
`,
  zsh: (words) => `#compdef fallthrough
_fallthrough() {
  local path_="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$path_ $word" in
${pathCases(words).replaceAll("path=", "path_=")}
    esac
  done
  case "$path_" in
${wordCases(words, (list) => `compadd -- ${list}`)}
  esac
  _files
}
compdef _fallthrough fallthrough
`,
  fish: (words) => `function __fallthrough_path
  set -l path ""
  for word in (commandline -opc)[2..]
    switch "$path $word"
${pathsOf(words)
  .map((path) => `      case "${asTyped(path)}"\n        set path "${path}"`)
  .join("\n")}
    end
  end
  echo $path
end
${words
  .map(
    ({ path, words: list }) =>
      `complete -c fallthrough -n 'test "$(__fallthrough_path)" = "${path}"' -a "${list.join(" ")}"`,
  )
  .join("\n")}
`,
};

function pathCases(words: Words): string {
  return pathsOf(words)
    .map((path) => `      "${asTyped(path)}") path="${path}" ;;`)
    .join("\n");
}

function wordCases(words: Words, offer: (list: string) => string): string {
  return words
    .map(({ path, words: list }) => `    "${path}") ${offer(list.join(" "))} ;;`)
    .join("\n");
}

/** The path so far, a space, the next word: at the top the path so far is empty. */
function asTyped(path: string): string {
  return path.includes(" ") ? path : ` ${path}`;
}

function pathsOf(words: Words): string[] {
  return words.map(({ path }) => path).filter((path) => path !== "");
}

function optionsOf(command: Command): string[] {
  return command.options.filter(({ hidden }) => !hidden).flatMap(({ long }) => long ?? []);
}
