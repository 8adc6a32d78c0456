// `fallthrough dead-letters`: what nobody could handle is looked at, put back on its topic, or dropped.
import { type Command, Option } from "commander";
import { type Static, Type } from "typebox";
import { printableJson } from "#libs/printable.ts";
import { refusalFault, usageFault } from "../faults.ts";
import { findLetters, type LetterFlags } from "../find-letters.ts";
import { Letter, showLetter, showLetterSummary } from "../letter-view.ts";
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
      const items = await findLetters(flags, adminClient(command));
      if (isJson(command)) return console.log(printableJson({ items }));
      if (items.length === 0) return console.log("There are none.");
      for (const each of items) console.log(showLetterSummary(each));
    });
}

function addShow(letters: Command): void {
  letters
    .command("show")
    .description("Show one: why it died, what to do about it, and what a replay leads to.")
    .argument("<id>", AS_LISTED)
    .addHelpText("after", example("npx fallthrough dead-letters show status-reports-dlt.0.17"))
    .action(async (id: string, _flags: object, command: Command) => {
      const path = `/dead-letters/${encodeURIComponent(id)}`;
      const letter = await adminClient(command).call(Letter, { path });
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

type Which = { ids: string[]; flags: SettleFlags };

/** Shows what is meant, asks, and does it. Ids that are given need no question. */
async function settle(verb: "replay" | "drop", { ids, flags }: Which, command: Command) {
  const api = adminClient(command);
  const chosen = ids.length > 0 ? ids : await choose(verb, flags, command);
  if (chosen.length === 0) return;
  const items: Settled = [];
  for (let at = 0; at < chosen.length; at += CALL_COUNT_MAX) {
    const some = chosen.slice(at, at + CALL_COUNT_MAX);
    const body = { ids: some, ...(flags.force && { force: true }) };
    const path = `/dead-letters/${verb}`;
    items.push(...(await api.call(Settled, { method: "POST", path, body })).items);
  }
  tell(verb, items, isJson(command));
  const left = items.filter(({ done }) => !done).length;
  if (left > 0) throw refusalFault(`${left} of them stay as they are.`, "not-settled");
}

/** By filters. Without one the command would be about everything: that has to be said with --topic or so. */
async function choose(verb: string, flags: SettleFlags, command: Command): Promise<string[]> {
  const { topic, stage, forKey, reason, from, to } = flags;
  if ([topic, stage, forKey, reason, from, to].every((each) => each === undefined)) {
    throw usageFault(
      `Say which ones: ids, or --topic, --stage, --for-key, --reason, --from or --to.`,
    );
  }
  const found = await findLetters(flags, adminClient(command));
  const json = isJson(command);
  if (flags.dryRun && json) console.log(printableJson({ items: found }));
  if (!json) for (const each of found) console.log(showLetterSummary(each));
  if (!json) console.log(`${found.length} to ${verb}.`);
  if (found.length === 0 || !(await mayChange(flags, json))) return [];
  // The oldest first, over all calls.
  return found.map(({ id }) => id).toReversed();
}

function tell(verb: string, items: Settled, json: boolean): void {
  if (json) return console.log(printableJson({ items }));
  const done = items.filter((each) => each.done).length;
  for (const { id, why } of items) if (why !== undefined) console.log(`${id}: ${why}`);
  console.log(`${done} of ${items.length} ${verb === "replay" ? "put back" : "dropped"}.`);
}
