// The life of a consumer that moves messages: every one of the three is this with other topics.
import type { Codec } from "#libs/contracts/codec.ts";
import { shardWaitedFor } from "#libs/flow-store/shard-closed.ts";
import { type ConsumeOptions, consume } from "#libs/kafka/consume.ts";
import type { Consumer, IncomingRecord, Subscription } from "#libs/kafka/ports.ts";
import type { RunningService, ServiceContext } from "#libs/lifecycle/service.ts";
import { readAgain } from "#libs/read-again/read-again.ts";
import { advance } from "./advance.ts";
import { type ConnectedFlow, connectFlow } from "./connect-flow.ts";
import type { Flow } from "./flow.ts";
import type { FlowConfig } from "./flow-config.ts";
import type { MessageInput } from "./message-input.ts";

type Subscriptions = (flow: ConnectedFlow) => Promise<Subscription<unknown>[]>;

/** Connects what moving messages needs, and consumes topics into it as the group `name`. */
export async function consumeInputs(
  name: string,
  config: FlowConfig,
  context: ServiceContext,
  subscriptions: Subscriptions,
): Promise<RunningService> {
  await using opened = new AsyncDisposableStack();
  const flow = opened.use(await connectFlow(config, context));
  const group = { groupId: name, kafka: config.kafka, subscriptions: await subscriptions(flow) };
  const consumer = opened.use(await consumeInto(flow, group, context));
  const resources = opened.move();
  return {
    whyNotReady: () => [
      ...flow.redis.clocks.whyNotReady(),
      ...consumer.whyNotReady(),
      ...flow.letters.reasons(),
    ],
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

type Group = Pick<ConsumeOptions, "groupId" | "subscriptions"> & { kafka: FlowConfig["kafka"] };

/**
 * Consumes topics into `advance`. What a restore wants handled again is read beside the group.
 */
export async function consumeInto(
  flow: Flow & Pick<ConnectedFlow, "redis">,
  { kafka: place, ...group }: Group,
  { log, onFatal }: ServiceContext,
): Promise<Consumer> {
  await using opened = new AsyncDisposableStack();
  const kafka = { ...place, log };
  const own = { kafka, deadLetters: flow.producer, log, onFatal };
  const consumer = opened.use(await consume({ ...group, ...own }));
  const { redis } = flow;
  for (const each of group.subscriptions) opened.use(readAgain(each, { redis, kafka }));
  const resources = opened.move();
  return { ...consumer, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

/** A subscription whose records are inputs of messages as they stand. */
export function subscribe<T extends { messageId: string }>(
  flow: Flow,
  source: { topic: string; codec: Codec<T>; toInput: (record: IncomingRecord<T>) => MessageInput },
): Subscription<T> {
  const { topic, codec, toInput } = source;
  return {
    topic,
    codec,
    handle: (records) => advance(records.map(toInput), flow),
    waitsFor: shardWaitedFor(flow.store),
  };
}
