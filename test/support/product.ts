// The whole product in one child process on free ports, with what a test needs to talk to it.
import { readMessage, sendMessage } from "#test/support/http-customer.ts";
import { followOutcomes, type OutcomeLog } from "#test/support/outcome-log.ts";
import { choosePlaces, type InfrastructureEnv, type Places } from "#test/support/places.ts";
import { sentCalls } from "#test/support/sent-calls.ts";
import { type ServiceProcess, startService } from "#test/support/service-process.ts";

type ProductOptions = {
  /** Multiplies every wait and every simulated delay. */
  timeScale: number;
  /** Where it runs; the infrastructure of the environment if none is given. */
  infrastructure?: InfrastructureEnv;
  /** On top of its environment. */
  env?: Readonly<Record<string, string>>;
  /** Its topics hold what it has to set aside: nobody waits until that is told no more. */
  isPoisoned?: boolean;
};

export type Product = AsyncDisposable & {
  places: Places;
  process: ServiceProcess;
  outcomes: OutcomeLog;
  /** Sends in 8x8's dialect over HTTP and returns the message's id. */
  send(body: unknown): Promise<string>;
  /** The message with its story, over HTTP. */
  read(messageId: string): ReturnType<typeof readMessage>;
  /** What the simulated carriers were called for the message, oldest first. */
  callsOf(messageId: string): ReturnType<typeof sentCalls>;
};

/** Resolves when every service is ready. Disposal stops the process as an orchestrator would. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const places = await choosePlaces(options.timeScale, options.infrastructure);
  await using opened = new AsyncDisposableStack();
  const env = { ...places.env, ...options.env };
  const service = opened.use(await startService("all-in-one", env));
  await (options.isPoisoned ? service.readyButForDeadLetters() : service.ready());
  const outcomes = opened.use(await followOutcomes(places));
  const resources = opened.move();
  return {
    places,
    process: service,
    outcomes,
    send: (body) => sendMessage(places.apiUrl, body),
    read: (messageId) => readMessage(places.apiUrl, messageId),
    callsOf: (messageId) => callsOf(messageId, places),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function callsOf(messageId: string, { simulatorUrl }: Places) {
  const calls = await sentCalls(simulatorUrl);
  return calls.filter(({ commandId }) => commandId.startsWith(`${messageId}:`));
}
