// `fallthrough settings`: an account's settings as a file that is kept with the code.
import type { Command } from "commander";
import { printableJson } from "#libs/printable.ts";
import type { ApiClient } from "../api-client.ts";
import { EXIT, Fault } from "../faults.ts";
import { readText } from "../read-file.ts";
import { applyChanges, type Done } from "../settings/apply-changes.ts";
import { type Change, diffSettings, isPending } from "../settings/diff-settings.ts";
import { toFileContent, toFileText } from "../settings/export-settings.ts";
import { type Env, withCredentials } from "../settings/file-credentials.ts";
import { loadSettings } from "../settings/load-settings.ts";
import { planChanges } from "../settings/plan-changes.ts";
import { showChanges, showDone } from "../settings/show-changes.ts";
import { type GlobalFlags, settingsClient } from "../where.ts";
import { example } from "./example.ts";
import { mayChange } from "./may-change.ts";

const DEFAULT_ACCOUNT = "demo";
/** `diff`, as the program of that name: 0 the same, 1 it differs, 2 and 3 trouble. */
const DIFFERS = 1;
const DIFF_TROUBLE = 2;
const DIFF_NOTE = "\nExit codes: 0 nothing would change, 1 something would, 2 or 3 trouble.";

type DiffFlags = GlobalFlags & { prune?: true };
type ApplyFlags = DiffFlags & { yes?: true; dryRun?: true };

export function addSettings(program: Command, env: Env): void {
  const settings = program
    .command("settings")
    .description("Keep an account's settings in a file: export, diff, apply.");
  settings
    .command("export")
    .description("Print an account's settings as a file. API keys are never part of it.")
    .option("--account <id>", "whose settings", DEFAULT_ACCOUNT)
    .addHelpText("after", example("npx fallthrough settings export > settings.yaml"))
    .action(exportSettings);
  settings
    .command("diff")
    .description("Show what applying a file would change.")
    .argument("<file>", "settings as YAML")
    .option("--prune", PRUNE)
    .addHelpText("after", `${example("npx fallthrough settings diff settings.yaml")}\n${DIFF_NOTE}`)
    .action(diff);
  settings
    .command("apply")
    .description("Make an account's settings what a file says, after a preview.")
    .argument("<file>", "settings as YAML")
    .option("--prune", PRUNE)
    .option("--yes", "do not ask")
    .option("--dry-run", "show the preview and change nothing")
    .addHelpText("after", example("npx fallthrough settings apply settings.yaml --yes"))
    .action((file: string, flags: ApplyFlags, command: Command) =>
      apply(file, flags, { command, env }),
    );
}

const PRUNE = "delete what the file does not name, in the collections that it has";

async function exportSettings(
  { account: accountId }: { account: string },
  command: Command,
): Promise<void> {
  const { json } = command.optsWithGlobals<GlobalFlags>();
  const found = await loadSettings(settingsClient(command), accountId);
  if (!found.account) {
    const message = `There is no account ${accountId}. Name another with --account.`;
    throw new Fault(message, { exitCode: EXIT.refused, code: "not-found" });
  }
  if (json) return console.log(printableJson(toFileContent(accountId, found)));
  process.stdout.write(toFileText(accountId, found));
}

async function diff(fileName: string, { prune }: DiffFlags, command: Command): Promise<void> {
  const { json } = command.optsWithGlobals<DiffFlags>();
  try {
    const { accountId, changes } = await preview(fileName, settingsClient(command), prune === true);
    console.log(json ? toJson(accountId, changes) : showChanges(changes));
    process.exitCode = changes.some(isPending) ? DIFFERS : EXIT.ok;
  } catch (error) {
    if (!(error instanceof Fault) || error.exitCode !== EXIT.refused) throw error;
    throw new Fault(error.message, { exitCode: DIFF_TROUBLE, code: error.code });
  }
}

type Run = { command: Command; env: Env };

async function apply(fileName: string, flags: ApplyFlags, { command, env }: Run): Promise<void> {
  const isJson = command.optsWithGlobals<ApplyFlags>().json === true;
  const say = (text: string) => void (isJson || console.log(text));
  const api = settingsClient(command);
  const { accountId, changes } = await preview(fileName, api, flags.prune === true);
  const operations = withCredentials(planChanges(changes), env);
  say(showChanges(changes));
  const done: Done[] = [];
  try {
    if (operations.length === 0 || !(await mayChange(flags, isJson))) return;
    say("");
    await applyChanges(operations, {
      api,
      accountId,
      onDone: (each) => {
        done.push(each);
        say(showDone(each));
      },
    });
  } finally {
    // Also when it stopped half-way: what was made is there, and a secret is shown but once.
    if (isJson) console.log(toJson(accountId, changes, done));
  }
}

async function preview(fileName: string, api: ApiClient, prune: boolean) {
  // Not before it is needed: every vendor's words come with it, and take longer to load than all else.
  const { parseSettingsFile } = await import("../settings/parse-file.ts");
  const wanted = parseSettingsFile(await readText(fileName), fileName);
  const found = await loadSettings(api, wanted.accountId);
  return { accountId: wanted.accountId, changes: diffSettings(wanted, found, { prune }) };
}

function toJson(accountId: string, changes: readonly Change[], done?: readonly Done[]): string {
  const shown = changes.map((change) => ({ ...placeIn(change), paths: change.paths }));
  const applied = done?.map(({ change, secret }) => ({ ...placeIn(change), secret }));
  return printableJson({ accountId, changes: shown, applied });
}

function placeIn({ action, collection, name }: Change) {
  return { action, collection, name };
}
