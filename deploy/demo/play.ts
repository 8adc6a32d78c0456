// Sends the demonstration's messages and tells each one's story as it happens.
import { setTimeout as sleep } from "node:timers/promises";
import { styleText } from "node:util";
import { Fault } from "#deploy/terminal/faults.ts";
import { type Cost, type Message, read, readCalls, type Sender, send } from "./product-client.ts";
import { type Story, stories } from "./stories.ts";
import { wrap } from "./wrap.ts";

const POLL_INTERVAL_MS = 50;
/** At the scale of 0.05 all is told within ten seconds; a running product may be at full length. */
const STORY_LIMIT_MS = 10 * 60_000;
const TITLE_WIDTH = Math.max(...stories.map(({ title }) => title.length));

type Ending = { message: Message; calls: string[] };

/** Plays all stories at once; one that is refused costs no other. Returns how many did not end as expected. */
export async function play(sender: Sender): Promise<number> {
  const startedAt = Date.now();
  for (const { title, about } of stories)
    console.log(wrap(`  ${bold(title.padEnd(TITLE_WIDTH))}  `, about));
  console.log();
  const endings = await Promise.all(
    stories.map(async (story) => ({ story, ending: await endingOf(story, sender, startedAt) })),
  );
  console.log();
  return endings.filter(({ story, ending }) => summarize(story, ending) !== null).length;
}

async function endingOf(story: Story, sender: Sender, startedAt: number): Promise<Ending | Fault> {
  try {
    return await follow(story, sender, startedAt);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    tell(story, Date.now() - startedAt, error.message);
    return error;
  }
}

async function follow(story: Story, sender: Sender, startedAt: number): Promise<Ending> {
  const { product } = sender;
  const messageId = await send(sender, story.body);
  const deadline = Date.now() + STORY_LIMIT_MS;
  let toldCount = 0;
  while (true) {
    const message = await read(product, messageId);
    for (const { at, text } of message.story.slice(toldCount)) tell(story, at - startedAt, text);
    toldCount = message.story.length;
    const hasEnded = message.outcome !== null && message.revision >= story.expected.revision;
    if (hasEnded || Date.now() > deadline) {
      const calls = await readCalls(product, messageId, story.body.user.msisdn);
      return { message, calls };
    }
    await sleep(POLL_INTERVAL_MS);
  }
}

function tell({ title }: Story, sinceMs: number, text: string): void {
  const seconds = (Math.max(0, sinceMs) / 1000).toFixed(2).padStart(6);
  const head = `${styleText("dim", `${seconds} s`)}  ${bold(title.padEnd(TITLE_WIDTH))}  `;
  console.log(wrap(head, text));
}

function summarize(story: Story, ending: Ending | Fault): string | null {
  const head = `  ${bold(story.title.padEnd(TITLE_WIDTH))}  `;
  if (ending instanceof Fault) {
    console.log(wrap(head, styleText("red", ending.message)));
    return ending.message;
  }
  const { outcome, revision, duplicate } = ending.message;
  const fault = faultOf(story, ending);
  const word = [outcome ?? "open", `revision ${revision}`, ...(duplicate ? ["duplicate"] : [])];
  word.push(...costWords(ending.message));
  const path = ending.calls.join(" > ");
  const mark = fault === null ? styleText("green", "as expected") : styleText("red", fault);
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
function faultOf({ expected }: Story, { message, calls }: Ending): string | null {
  const wanted = `${expected.outcome} ${expected.revision} ${expected.duplicate}`;
  const got = `${message.outcome} ${message.revision} ${message.duplicate}`;
  if (got !== wanted) return `expected outcome, revision, duplicate: ${wanted}`;
  const path = expected.calls.join(" > ");
  return calls.join(" > ") === path ? null : `expected carriers: ${path}`;
}

function bold(text: string): string {
  return styleText("bold", text);
}
