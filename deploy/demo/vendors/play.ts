// Plays the vendors' stories and tells each one's: what was sent, what happened, what the client was told.
import { setTimeout as sleep } from "node:timers/promises";
import { styleText } from "node:util";
import { Fault, refusalFault } from "#deploy/terminal/faults.ts";
import { isLoopback } from "#libs/config/demo-keys.ts";
import { printable } from "#libs/printable.ts";
import { isForLackOfKey } from "../own-account.ts";
import { type Message, type Product, read } from "../product-client.ts";
import { wrap } from "../wrap.ts";
import { type Stage, setStage } from "./stage.ts";
import { type Answered, type VendorStory, vendorStories } from "./stories.ts";

const POLL_INTERVAL_MS = 100;
/** As for the other stories: a running product may be at full length. */
const STORY_LIMIT_MS = 10 * 60_000;
/** Of an answer, characters: what is left of a line. */
const SHOWN_LENGTH_MAX = 60;

type Played = { answered: Answered; message: Message; heard: string[] };

type Told = { text: string; faultCount: number };

/**
 * Plays all at once and returns what to print, and how many did not end as expected. Where they cannot be
 * played, on a product that is elsewhere or without its admin key, the text says why.
 */
export async function playVendors(product: Product, adminKey: string): Promise<Told> {
  if (!isLoopback(new URL(product.api).hostname)) {
    return leftOut("the product must be on this machine, to tell the clients what happens.");
  }
  try {
    return await playThere(product, adminKey);
  } catch (error) {
    if (isForLackOfKey(error)) {
      return leftOut(`ADMIN_KEY must be the product's. ${error.message}`);
    }
    throw error;
  }
}

function leftOut(why: string): Told {
  return { text: `  left out: ${why}`, faultCount: 0 };
}

async function playThere(product: Product, adminKey: string): Promise<Told> {
  await using stage = await setStage(product, adminKey);
  const told = await Promise.all(vendorStories.map((story) => playAndShow(story, stage)));
  const faults = told.filter(({ isFault }) => isFault);
  return { text: told.map(({ text }) => text).join("\n\n"), faultCount: faults.length };
}

async function playAndShow(story: VendorStory, stage: Stage) {
  try {
    const played = await follow(story, stage);
    return { text: show(story, played), isFault: played.heard.at(-1) !== story.expected };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const text = wrap("    ", styleText("red", error.message));
    return { text: `  ${styleText("bold", story.vendor)}\n${text}`, isFault: true };
  }
}

/** A vendor's own client throws errors of its own. */
async function sent({ vendor, send }: VendorStory, stage: Stage): Promise<Answered> {
  try {
    return await send(stage);
  } catch (error) {
    if (error instanceof Fault || !(error instanceof Error)) throw error;
    throw refusalFault(`${vendor}'s client was refused: ${printable(error.message)}`, "refused");
  }
}

async function follow(story: VendorStory, stage: Stage): Promise<Played> {
  const answered = await sent(story, stage);
  const { messageId } = answered;
  const deadline = Date.now() + STORY_LIMIT_MS;
  while (true) {
    const message = await read(stage.product, messageId);
    const heard = stage.receiver.told.flatMap((each) => story.hear(each, messageId) ?? []);
    const isTold = message.outcome !== null && heard.at(-1) === story.expected;
    if (isTold || Date.now() > deadline) return { answered, message, heard };
    await sleep(POLL_INTERVAL_MS);
  }
}

function show(story: VendorStory, { answered, message, heard }: Played): string {
  const { vendor, request, asks, expected } = story;
  const fault = heard.at(-1) === expected ? null : `expected to hear: ${expected}`;
  const mark = fault === null ? styleText("green", "as expected") : styleText("red", fault);
  const happened = message.story.filter(({ text }) => /^\w+ was left|^Succeeded/.test(text));
  const rows = [
    ["sends", request],
    ["asks", asks],
    ["answer", shorten(JSON.stringify(answered.answer))],
    ...happened.map(({ text }, index) => [index === 0 ? "then" : "", text]),
    ["is told", `${heard.join("; ")}: ${mark}`],
  ];
  const lines = rows.map(([label = "", text = ""]) =>
    wrap(`    ${styleText("dim", label.padEnd(9))}`, text),
  );
  return [`  ${styleText("bold", vendor)}`, ...lines].join("\n");
}

function shorten(text: string): string {
  return text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX)} ...` : text;
}
