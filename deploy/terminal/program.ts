// The command line as a tree: what `--help` shows, and what completion is made from.
import { Command, Option } from "commander";
import { printableLines } from "#libs/printable.ts";
import manifest from "../../package.json" with { type: "json" };
import { addCompletion } from "./commands/completion.ts";
import { addConnections } from "./commands/connections.ts";
import { addDeadLetters } from "./commands/dead-letters.ts";
import { addKeys } from "./commands/keys.ts";
import { addRehearse } from "./commands/rehearse.ts";
import { addRestore } from "./commands/restore.ts";
import { addSend } from "./commands/send.ts";
import { addSettings } from "./commands/settings.ts";
import { addStory } from "./commands/story.ts";
import { addWatch } from "./commands/watch.ts";
import type { Env } from "./settings/file-credentials.ts";

const ENDING = `
Where and who: what \`npm start\` runs in this folder, with its public demonstration keys, unless
--url, --key and --admin-key or their variables say otherwise.

Exit codes: 0 done, 1 the API refused, 2 the command line or a file must be mended, 3 nothing answers.
NO_COLOR=1 switches the colours off.`;

const COMMANDS = [
  addSend,
  addStory,
  addWatch,
  addSettings,
  addConnections,
  addRehearse,
  addKeys,
  addDeadLetters,
  addRestore,
  addCompletion,
];

/** `env`: where a settings file finds its credentials. Parsing throws CommanderError instead of ending the process. */
export function createProgram(env: Env): Command {
  const program = new Command("npx fallthrough")
    .description("Sends messages, tells their stories, and keeps an account's settings in a file.")
    .version(manifest.version)
    .addOption(new Option("--url <url>", "the API's address").env("FALLTHROUGH_URL"))
    .addOption(new Option("--key <key>", "sends and reads messages").env("FALLTHROUGH_KEY"))
    .addOption(new Option("--admin-key <key>", "changes settings").env("FALLTHROUGH_ADMIN_KEY"))
    .option("--json", "answer in JSON, for programs")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeErr: (text) => process.stderr.write(printableLines(text)) })
    .showHelpAfterError("(--help shows what there is)")
    .addHelpText("after", ENDING)
    .exitOverride();
  for (const add of COMMANDS) add(program, env);
  return program;
}
