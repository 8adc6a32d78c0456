// `fallthrough completion <shell>`: a script made from the command line's own tree.
import { Argument, type Command } from "commander";
import { completionScripts, isShell, shells, toWords } from "../completion.ts";
import { example } from "./example.ts";

export function addCompletion(program: Command): void {
  program
    .command("completion")
    .description("Print a completion script for a shell.")
    .addArgument(new Argument("<shell>", "which one").choices(shells))
    .addHelpText("after", EXAMPLES)
    .action((shell: string) => {
      if (isShell(shell)) process.stdout.write(completionScripts[shell](toWords(program)));
    });
}

const EXAMPLES = example(
  "source <(fallthrough completion bash)",
  "source <(fallthrough completion zsh)",
  "fallthrough completion fish | source",
);
