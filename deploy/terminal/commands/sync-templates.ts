// `fallthrough connections sync-templates`: a provider's templates, taken over into the account's settings.
import type { Command } from "commander";
import { type Static, Type } from "typebox";
import { printable, printableJson } from "#libs/printable.ts";
import { EXIT, refusalFault } from "../faults.ts";
import { applyChanges } from "../settings/apply-changes.ts";
import { type Change, diffValues } from "../settings/diff-settings.ts";
import { planChanges } from "../settings/plan-changes.ts";
import { showChanges, showDone } from "../settings/show-changes.ts";
import { settingsClient } from "../where.ts";
import {
  AS_LISTED,
  accountOption,
  type ConnectionFlags,
  connectionsPath,
  isJson,
} from "./connection-options.ts";
import { example } from "./example.ts";
import { mayChange } from "./may-change.ts";

const Body = Type.Record(Type.String(), Type.Unknown());
const TemplateChange = Type.Object({
  action: Type.Enum(["add", "change", "delete"]),
  id: Type.String(),
  before: Type.Optional(Body),
  after: Type.Optional(Body),
  revision: Type.Optional(Type.Integer()),
  isOthers: Type.Boolean(),
});
const TemplateChanges = Type.Object({
  state: Type.String(),
  words: Type.String(),
  changes: Type.Array(TemplateChange),
  oddities: Type.Array(Type.Object({ id: Type.String(), words: Type.String() })),
});

type SyncFlags = ConnectionFlags & { overwrite?: true; yes?: true; dryRun?: true };

/** The command below `connections`. The templates are an account's, and so is the connection. */
export function addSyncTemplates(connections: Command): void {
  connections
    .command("sync-templates")
    .description("Take a provider's templates over into the account's, after a preview.")
    .argument("<name>", AS_LISTED)
    .addOption(accountOption())
    .option("--overwrite", "change those too that a person or another connection made")
    .option("--yes", "do not ask")
    .option("--dry-run", "show the preview and change nothing")
    .addHelpText("after", example("npx fallthrough connections sync-templates meta"))
    .action(syncTemplates);
}

/** Shows what differs, asks, and makes the changes one by one, as long as what was seen is there. */
async function syncTemplates(name: string, flags: SyncFlags, command: Command): Promise<void> {
  const { account: accountId } = flags;
  const isForProgram = isJson(command);
  const say = (text: string) => void (isForProgram || console.log(text));
  const api = settingsClient(command);
  const path = `${connectionsPath(flags)}/${encodeURIComponent(name)}/template-changes`;
  const seen = await api.call(TemplateChanges, { method: "POST", path });
  if (seen.state !== "listed") {
    throw refusalFault(`${name}: ${seen.state}. ${seen.words}`, seen.state);
  }
  const left = seen.changes.filter(({ isOthers }) => isOthers && !flags.overwrite);
  const changes = seen.changes.filter((each) => !left.includes(each)).map(toChange);
  if (isForProgram) console.log(printableJson(seen));
  say(showChanges(changes));
  for (const line of notes(seen, left)) say(line);
  if (changes.length === 0 || !(await mayChange(flags, isForProgram))) return;
  const onDone = (done: Parameters<typeof showDone>[0]) => say(showDone(done));
  await applyChanges(planChanges(changes), { api, accountId, onDone });
  process.exitCode = EXIT.ok;
}

function toChange({
  action,
  id: name,
  before,
  after,
  revision,
}: Static<typeof TemplateChange>): Change {
  return {
    action,
    collection: "templates",
    name,
    ...(before && { before }),
    ...(after && { after }),
    ...(revision !== undefined && { revision }),
    paths: action === "change" ? diffValues(before, after) : [],
  };
}

function notes(
  { oddities }: Static<typeof TemplateChanges>,
  left: readonly Static<typeof TemplateChange>[],
): string[] {
  return [
    ...left.map(
      ({ id }) =>
        `${printable(id)} differs, and was not made by this connection: left as it is (--overwrite changes it).`,
    ),
    ...oddities.map(({ id, words }) => `${printable(id)} is left as it is: ${printable(words)}`),
  ];
}
