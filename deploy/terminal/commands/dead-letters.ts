// `fallthrough dead-letters`: what nobody could handle is looked at, put back on its topic, or dropped.
import { type Command, Option } from "commander";
import { type Static, Type } from "typebox";
import { printableJson } from "#libs/printable.ts";
import { refusalFault, usageFault } from "../faults.ts";
import { type FoundLetters, findLetters, type LetterFlags } from "../find-letters.ts";
import { Letter, type LetterSummary, showLetter, showLetterSummary } from "../letter-view.ts";
import { adminClient } from "../where.ts";
import { isJson } from "./connection-options.ts";
import { example } from "./example.ts";
import { mayChange } from "./may-change.ts";

const Settled = Type.Object({
  items: Type.Array(
    Type.Object({ id: Type.String(), done: Type.Boolean(), why: Type.Optional(Type.String()) }),
  ),
});
type Settled = Static<typeof Settled>["items"];

/** What the API settles in one call. */
const CALL_COUNT_MAX = 100;
/** Options that say which letters are meant. */
const FILTERS = ["topic", "stage", "forKey", "reason", "from", "to", "state", "limit"] as const;
const CUT = "These are the newest; there may be more, which --limit decides.";
const STAGES =
  "read, decode, judge, decide, encode, commit, publish, dispatch, receipt, timer or handle";

type SettleFlags = LetterFlags & { force?: true; yes?: true; dryRun?: true };

export function addDeadLetters(program: Command): void {
  const letters = program
    .command("dead-letters")
    .description("Records that nobody could handle: look at them, put them back, or drop them.");
  addList(letters);
  addShow(letters);
  addReplay(letters);
  addDrop(letters);
}

function addList(letters: Command): void {
  withFilters(letters.command("list"), "50")
    .description("List them by id, newest first, with the reason of each.")
    .addHelpText(
      "after",
      example(
        "npx fallthrough dead-letters list",
        "npx fallthrough dead-letters list --topic status-reports --stage decide --state all",
      ),
    )
    .action(async (flags: SettleFlags, command: Command) => {
      const { letters: items, isCut } = await findLetters(flags, adminClient(command));
      if (isJson(command)) return console.log(printableJson({ items }));
      if (items.length === 0) return console.log("There are none.");
      for (const each of items) console.log(showLetterSummary(each));
      if (isCut) console.log(CUT);
    });
}

function addShow(letters: Command): void {
  letters
    .command("show")
    .description("Show one: why it died, what to do about it, and what a replay leads to.")
    .argument("<id>", AS_LISTED)
    .addHelpText("after", example("npx fallthrough dead-letters show status-reports-dlt.0.17"))
    .action(async (id: string, _flags: object, command: Command) => {
      const letter = await adminClient(command).call(Letter, { path: pathOf(id) });
      console.log(isJson(command) ? printableJson(letter) : showLetter(letter));
    });
}

function addReplay(letters: Command): void {
  withFilters(letters.command("replay"), "1000")
    .description("Put them back on the topic that they were for, each once, the oldest first.")
    .argument("[ids...]", `${AS_LISTED}; or say which with --topic and others`)
    .option("--force", "also what was put back or dropped, or has come back three times")
    .option("--dry-run", "show which ones, and do nothing")
    .option("--yes", "do not ask")
    .addHelpText(
      "after",
      example(
        "npx fallthrough dead-letters replay status-reports-dlt.0.17",
        "npx fallthrough dead-letters replay --topic status-reports --stage decide --yes",
      ),
    )
    .action((ids: string[], flags: SettleFlags, command: Command) =>
      settle("replay", { ids, flags }, command),
    );
}

function addDrop(letters: Command): void {
  withFilters(letters.command("drop"), "1000")
    .description("Mark them as dealt with: they are listed no more, unless --state asks for them.")
    .argument("[ids...]", `${AS_LISTED}; or say which with --topic and others`)
    .option("--dry-run", "show which ones, and do nothing")
    .option("--yes", "do not ask")
    .addHelpText(
      "after",
      example("npx fallthrough dead-letters drop --topic timer-ticks --to 2026-11-28T00:00:00Z"),
    )
    .action((ids: string[], flags: SettleFlags, command: Command) =>
      settle("drop", { ids, flags }, command),
    );
}

function pathOf(id: string): string {
  return `/dead-letters/${encodeURIComponent(id)}`;
}

const AS_LISTED = "as `dead-letters list` shows it";

function withFilters(command: Command, limit: string): Command {
  return command
    .option("--topic <topic>", "that they were for, such as status-reports")
    .option("--stage <stage>", `where handling them failed: ${STAGES}`)
    .option("--for-key <key>", "of their record: mostly the messageId")
    .option("--reason <words>", "a part of their reason")
    .option("--from <instant>", "set aside then or later, in ISO 8601")
    .option("--to <instant>", "set aside then or earlier")
    .addOption(
      new Option("--state <state>", "open: those that wait for somebody")
        .choices(["open", "replaying", "replayed", "dropped", "all"])
        .default("open"),
    )
    .option("--limit <count>", "at most so many, the newest", limit);
}

type Verb = "replay" | "drop";
type Which = { ids: string[]; flags: SettleFlags };

/** Shows what is meant, asks, and does it. Ids that are given need no question. */
async function settle(verb: Verb, which: Which, command: Command): Promise<void> {
  const api = adminClient(command);
  const chosen = await choose(verb, which, command);
  const items: Settled = [];
  try {
    for (let at = 0; at < chosen.length; at += CALL_COUNT_MAX) {
      const some = chosen.slice(at, at + CALL_COUNT_MAX);
      const body = { ids: some, ...(which.flags.force && { force: true }) };
      const path = `/dead-letters/${verb}`;
      items.push(...(await api.call(Settled, { method: "POST", path, body })).items);
    }
  } finally {
    // Also when it stopped half-way: what was put back is put back.
    if (items.length > 0) tell(verb, { items, count: chosen.length }, isJson(command));
  }
  const left = items.filter(({ done }) => !done).length;
  if (left > 0) throw refusalFault(`${left} of them stay as they are.`, "not-settled");
}

/** The oldest first, over all calls. */
async function choose(verb: Verb, which: Which, command: Command): Promise<string[]> {
  const ids = [...new Set(which.ids)];
  if (isByIds(ids, command) && !which.flags.dryRun) return ids;
  const { letters, isCut } = await find({ ids, flags: which.flags }, command);
  const json = isJson(command);
  if (which.flags.dryRun && json) console.log(printableJson({ items: letters }));
  if (!json) for (const each of letters) console.log(showLetterSummary(each));
  if (!json) console.log(`${letters.length} to ${verb}.${isCut ? ` ${CUT}` : ""}`);
  if (letters.length === 0 || !(await mayChange(which.flags, json))) return [];
  return letters.map(({ id }) => id).toReversed();
}

/**
 * Else it is said by filters. Throws Fault where it is said in both ways, of which one would be passed over, and in
 * none: the command would be about everything, and that has to be said with --topic or so.
 */
function isByIds(ids: readonly string[], command: Command): boolean {
  const given = FILTERS.filter((name) => command.getOptionValueSource(name) === "cli");
  if (ids.length > 0 && given.length > 0) {
    throw usageFault("Say which ones either by ids or by filters such as --topic.");
  }
  if (ids.length > 0 || given.some((name) => name !== "state" && name !== "limit")) {
    return ids.length > 0;
  }
  throw usageFault(
    "Say which ones: ids, or --topic, --stage, --for-key, --reason, --from or --to.",
  );
}

async function find({ ids, flags }: Which, command: Command): Promise<FoundLetters> {
  const api = adminClient(command);
  if (ids.length === 0) return findLetters(flags, api);
  const letters: LetterSummary[] = [];
  for (const id of ids) letters.push(await api.call(Letter, { path: pathOf(id) }));
  return { letters, isCut: false };
}

type Told = { items: Settled; count: number };

/** `count`: how many were meant. */
function tell(verb: Verb, { items, count }: Told, json: boolean): void {
  if (json) return console.log(printableJson({ items }));
  const done = items.filter((each) => each.done).length;
  for (const { id, why } of items) if (why !== undefined) console.log(`${id}: ${why}`);
  console.log(`${done} of ${count} ${verb === "replay" ? "put back" : "dropped"}.`);
}
