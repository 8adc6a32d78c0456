// `npx fallthrough story <id>`: what happened to a message and why; with `--watch` while it happens.
import { setTimeout } from "node:timers/promises";
import type { Command } from "commander";
import { stopSignal } from "#deploy/product/stop-signal.ts";
import { printableJson } from "#libs/printable.ts";
import type { ApiClient } from "../api-client.ts";
import { findMessage, readMessage } from "../find-message.ts";
import { hasEnded, showEvents, showFooter, showHeader, startOf } from "../story-view.ts";
import { type GlobalFlags, messageClient } from "../where.ts";
import { example } from "./example.ts";

/** A story moves in seconds; more often would load the API for nothing. */
const POLL_MS = 1_000;

export function addStory(program: Command): void {
  program
    .command("story")
    .description("Tell what happened to a message, and why.")
    .argument("<id>", "the message's id, or any that its client or a carrier has for it")
    .option("--watch", "go on telling until it ends; Ctrl-C stops that")
    .addHelpText(
      "after",
      example("npx fallthrough story 5f0c1c62-6f1c-4a52-9df8-0d9a3b0e6a11 --watch"),
    )
    .action(async (id: string, { watch }: { watch?: true }, command: Command) => {
      const api = messageClient(command);
      const { json } = command.optsWithGlobals<GlobalFlags>();
      if (watch) return watchStory(id, api, json === true);
      const told = await findMessage(id, api);
      if (json) return console.log(printableJson(told));
      const lines = [showHeader(told), "", ...showEvents(told.story, startOf(told)), ""];
      console.log([...lines, showFooter(told)].join("\n"));
    });
}

/** Prints each event once it is there, until the message ends or Ctrl-C. In JSON: one a line. */
export async function watchStory(id: string, api: ApiClient, isJson: boolean): Promise<void> {
  const signal = stopSignal();
  let told = await findMessage(id, api);
  if (!isJson) console.log(`${showHeader(told)}\n`);
  let toldCount = 0;
  for (;;) {
    const events = told.story.slice(toldCount);
    const lines = isJson
      ? events.map((event) => printableJson(event))
      : showEvents(events, startOf(told));
    for (const line of lines) console.log(line);
    toldCount = told.story.length;
    if (hasEnded(told) || !(await pause(signal))) break;
    told = await readMessage(told.messageId, api);
  }
  if (!isJson) console.log(`\n${showFooter(told)}`);
}

/** False once it is time to stop. */
export async function pause(signal: AbortSignal): Promise<boolean> {
  await setTimeout(POLL_MS, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}
