// Sends the demonstration's messages and tells each one's story as it happens.
import { setTimeout as sleep } from "node:timers/promises";
import { styleText } from "node:util";
import { type Cost, type Message, type Product, read, readCalls, send } from "./product-client.ts";
import { type Story, stories } from "./stories.ts";
import { wrap } from "./wrap.ts";

const POLL_INTERVAL_MS = 50;
/** At the scale of 0.05 all is told within ten seconds; a running product may be at full length. */
const STORY_LIMIT_MS = 10 * 60_000;
const TITLE_WIDTH = Math.max(...stories.map(({ title }) => title.length));

type Ending = { story: Story; message: Message; calls: string[] };

/** Plays all stories at once. Returns how many did not end as expected. */
export async function play(product: Product): Promise<number> {
  const startedAt = Date.now();
  for (const { title, about } of stories)
    console.log(wrap(`  ${bold(title.padEnd(TITLE_WIDTH))}  `, about));
  console.log();
  const endings = await Promise.all(stories.map((story) => follow(story, product, startedAt)));
  console.log();
  const faults = endings.map((ending) => summarize(ending));
  return faults.filter((fault) => fault !== null).length;
}

async function follow(story: Story, product: Product, startedAt: number): Promise<Ending> {
  const messageId = await send(product, story.body);
  const deadline = Date.now() + STORY_LIMIT_MS;
  let toldCount = 0;
  while (true) {
    const message = await read(product, messageId);
    for (const { at, text } of message.story.slice(toldCount)) tell(story, at - startedAt, text);
    toldCount = message.story.length;
    const hasEnded = message.outcome !== null && message.revision >= story.expected.revision;
    if (hasEnded || Date.now() > deadline) {
      const calls = await readCalls(product, messageId, story.body.user.msisdn);
      return { story, message, calls };
    }
    await sleep(POLL_INTERVAL_MS);
  }
}

function tell({ title }: Story, sinceMs: number, text: string): void {
  const seconds = (Math.max(0, sinceMs) / 1000).toFixed(2).padStart(6);
  const head = `${styleText("dim", `${seconds} s`)}  ${bold(title.padEnd(TITLE_WIDTH))}  `;
  console.log(wrap(head, text));
}

function summarize({ story, message, calls }: Ending): string | null {
  const { outcome, revision, duplicate } = message;
  const fault = faultOf({ story, message, calls });
  const word = [outcome ?? "open", `revision ${revision}`, ...(duplicate ? ["duplicate"] : [])];
  word.push(...costWords(message));
  const path = calls.join(" > ");
  const mark = fault === null ? styleText("green", "as expected") : styleText("red", fault);
  const head = `  ${bold(story.title.padEnd(TITLE_WIDTH))}  `;
  console.log(wrap(head, `${word.join(", ")} (${path}): ${mark}`));
  return fault;
}

function costWords({ cost, extraCost }: Message): string[] {
  if (!cost) return [];
  return [extraCost ? `${inFull(cost)} (${inFull(extraCost)} for nothing)` : inFull(cost)];
}

function inFull({ amount, currency }: Cost): string {
  return `${(amount / 10_000).toFixed(4)} ${currency}`;
}

/** What is other than expected, as a sentence; null: nothing. */
function faultOf({ story: { expected }, message, calls }: Ending): string | null {
  const wanted = `${expected.outcome} ${expected.revision} ${expected.duplicate}`;
  const got = `${message.outcome} ${message.revision} ${message.duplicate}`;
  if (got !== wanted) return `expected outcome, revision, duplicate: ${wanted}`;
  const path = expected.calls.join(" > ");
  return calls.join(" > ") === path ? null : `expected carriers: ${path}`;
}

function bold(text: string): string {
  return styleText("bold", text);
}
