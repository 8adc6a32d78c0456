import { once } from "node:events";
import { createProgress } from "#deploy/infrastructure/progress.ts";
import { SetupError } from "#deploy/infrastructure/setup-error.ts";
import { runTool } from "#deploy/terminal/run-tool.ts";
import { DEMO_KEY } from "#libs/config/demo-keys.ts";
import { ConfigError } from "#libs/config/read-env.ts";
import { shownUrl } from "#libs/config/shown-url.ts";
import { realCarriers } from "./real-carriers.ts";
import { type Product, startProduct } from "./start-product.ts";
import { stopSignal } from "./stop-signal.ts";

/** `settingsFile` is applied once everything runs. */
type Options = { isWatching: boolean; settingsFile?: string };

/**
 * Runs the whole product until Ctrl-C or SIGTERM, then stops it in order and exits with 0. Says
 * why and exits with 1 when it cannot start or ends by itself.
 */
export async function runProduct({ isWatching, settingsFile }: Options): Promise<void> {
  const signal = stopSignal();
  const progress = createProgress();
  try {
    await using product = await startProduct({ env: process.env, isWatching, progress, signal });
    if (settingsFile !== undefined) await applySettings(settingsFile, product);
    const { addresses, hasDemoKeys } = product;
    console.log(greeting(product, hasDemoKeys ? await realCarriers(addresses.api) : undefined));
    const failure = await Promise.race([product.failed, stopped(signal)]);
    if (failure !== undefined) throw new SetupError(failure);
    progress.say("Stopping; requests in hand are finished first");
  } catch (error) {
    if (!signal.aborted) report(error);
  }
  if (signal.aborted) progress.say("Stopped");
}

/** With its credentials from the environment; keys are those that the terminal tool would have. */
async function applySettings(file: string, { addresses }: Product): Promise<void> {
  const args = ["settings", "apply", file, "--yes", "--url", addresses.api];
  const exitCode = (await runTool(args, process.env)) ?? 0;
  if (exitCode !== 0) throw new SetupError(`${file} was not applied.`);
}

async function stopped(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) await once(signal, "abort");
}

/** What a person needs to hear is printed; anything else is a bug and keeps its stack. */
function report(error: unknown): void {
  if (!(error instanceof SetupError || error instanceof ConfigError)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}

const EXAMPLE = {
  channels: [
    { channel: "WhatsApp", fallbackAfter: 60, successStatus: "Read" },
    { channel: "Viber", fallbackAfter: 60, successStatus: "Delivered" },
    { channel: "SMS" },
  ],
  user: { msisdn: "+6599990250" },
  type: "text",
  content: { text: "Hello World!", sms: { encoding: "AUTO", source: "SENDERID" } },
};

const SIMULATED =
  "WhatsApp stays silent, Viber cannot deliver, so SMS gets through after a minute:";

/** `real` undefined: without the public keys nobody here may ask. */
function reality(real: readonly string[] | undefined): string {
  if (real === undefined) {
    return `
A message reaches people, and costs money, where a connection carries its channel. Which ones do:
npx fallthrough connections list --account ID --admin-key KEY
`;
  }
  if (real.length === 0) return "";
  return `
REAL CARRIERS: messages of account demo reach people, and cost money: ${real.join("; ")}.
All else ends at the simulator.
`;
}

function greeting(
  { addresses, infrastructure, hasDemoKeys }: Product,
  real: readonly string[] | undefined,
): string {
  const isSimulated = real?.length === 0;
  const user = { msisdn: isSimulated ? EXAMPLE.user.msisdn : "YOUR_OWN_NUMBER" };
  const key = hasDemoKeys ? DEMO_KEY : "YOUR_KEY";
  return `
  API                ${addresses.api}, explained at ${addresses.api}/ft/v1/docs
  receipt-bridge     ${addresses.receiptBridge}
  carrier-simulator  ${addresses.carrierSimulator}/sent
  metrics            ${addresses.metrics}/metrics
  Kafka broker       ${infrastructure.kafkaBrokers.join(",")}
  schema registry    ${shownUrl(infrastructure.schemaRegistryUrl)}
  Redis              ${shownUrl(infrastructure.redisUrl)}
  logs and data      .fallthrough/
${reality(real)}
Send a message. ${isSimulated ? SIMULATED : "It goes to whom you name:"}

curl -sS -X POST ${addresses.api}/api/v1/subaccounts/demo/messages -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '${JSON.stringify({ ...EXAMPLE, user })}'

See what happens to it, with the umid of the answer, then what the carriers got:

npx fallthrough story UMID --watch
curl -sS '${addresses.carrierSimulator}/sent?recipient=%2B6599990250'

npx fallthrough --help says what else the terminal tool does. Ctrl-C stops everything and keeps the data.
`;
}
