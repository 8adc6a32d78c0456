// `npx fallthrough completion <shell>`: a script made from the command line's own tree.
import { Argument, type Command } from "commander";
import { completionScripts, isShell, shells, toWords } from "../completion.ts";
import { example } from "./example.ts";

export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("Print a completion script for a shell, for the word `fallthrough`.")
    .addArgument(new Argument("<shell>", "which one").choices(shells))
    .addHelpText("after", EXAMPLES)
    .action((shell: string) => {
      if (isShell(shell)) process.stdout.write(completionScripts[shell](toWords(program)));
    });
}

const EXAMPLES = example(
  'fallthrough() { npx fallthrough "$@"; }',
  "source <(npx fallthrough completion bash)",
  "source <(npx fallthrough completion zsh)",
  "npx fallthrough completion fish | source",
);
