// `fallthrough watch`: an account's messages as they move, or one message until it ends.
import type { Command } from "commander";
import { type Static, Type } from "typebox";
import { stopSignal } from "#deploy/product/stop-signal.ts";
import { printableJson } from "#libs/printable.ts";
import type { ApiClient } from "../api-client.ts";
import { Summary, showSummary, showTable } from "../summary-view.ts";
import { type GlobalFlags, messageClient } from "../where.ts";
import { example } from "./example.ts";
import { pause, watchStory } from "./story.ts";

/** Messages that are looked at in each round: the newest. */
const MESSAGE_COUNT = 50;
/** Of a terminal that does not say. */
const DEFAULT_ROW_COUNT = 24;
/** A screen of its own with no cursor, so that what stood there before comes back; and its end. */
const OPEN_SCREEN = "\u001B[?1049h\u001B[?25l";
const CLOSE_SCREEN = "\u001B[?25h\u001B[?1049l";
const CLEAR = "\u001B[H\u001B[J";

const Page = Type.Object({ items: Type.Array(Summary) });
type Items = Static<typeof Page>["items"];

export function addWatch(program: Command): void {
  program
    .command("watch")
    .description("Show the account's messages as they move; Ctrl-C ends it.")
    .argument("[id]", "only this message, until it ends")
    .addHelpText("after", example("npx fallthrough watch"))
    .action(async (id: string | undefined, _flags: object, command: Command) => {
      const api = messageClient(command);
      const isJson = command.optsWithGlobals<GlobalFlags>().json === true;
      if (id !== undefined) return watchStory(id, api, isJson);
      return process.stdout.isTTY && !isJson ? watchTable(api) : watchLines(api, isJson);
    });
}

/** The newest messages as a table that is drawn anew; the last one stays when it ends. */
async function watchTable(api: ApiClient): Promise<void> {
  const signal = stopSignal();
  // A first answer before the screen is taken: a refusal must not flash by.
  let items = await readNewest(api);
  let table = "";
  process.stdout.write(OPEN_SCREEN);
  try {
    for (;;) {
      table = showTable(items, Date.now(), process.stdout.rows || DEFAULT_ROW_COUNT);
      process.stdout.write(`${CLEAR}${table}`);
      if (!(await pause(signal))) break;
      items = await readNewest(api);
    }
  } finally {
    process.stdout.write(CLOSE_SCREEN);
  }
  console.log(table);
}

/** A line for every message, and another whenever one has moved. In JSON: one a line. */
async function watchLines(api: ApiClient, isJson: boolean): Promise<void> {
  const signal = stopSignal();
  let shown = new Map<string, string>();
  do {
    const lines = (await readNewest(api)).toReversed().map((item) => {
      return { messageId: item.messageId, line: isJson ? printableJson(item) : showSummary(item) };
    });
    const moved = lines.filter(({ messageId, line }) => shown.get(messageId) !== line);
    for (const { line } of moved) console.log(line);
    shown = new Map(lines.map(({ messageId, line }) => [messageId, line]));
  } while (await pause(signal));
}

async function readNewest(api: ApiClient): Promise<Items> {
  return (await api.call(Page, { path: `/messages?limit=${MESSAGE_COUNT}` })).items;
}
