// Records as ours, encoded by the registry's own client; each is sent by itself and acknowledged by all replicas.
import type { SchemaRegistry } from "@kafkajs/confluent-schema-registry";
import type { Producer } from "kafkajs";
import type {
  DispatchCommandInit,
  MessageOutcomeInit,
  SendRequest,
} from "#libs/contracts/generated/types.ts";
import { dispatchTopic, subjectOf, topics } from "#libs/contracts/topics.ts";
import type { PeerTopics } from "../peer-topics.ts";

type Deps = { producer: Producer; registry: SchemaRegistry; at: PeerTopics };
type Ended = Pick<MessageOutcomeInit, "outcome" | "channel" | "attemptIndex" | "attempts">;

export type PlainSender = Awaited<ReturnType<typeof plainSender>>;

export async function plainSender({ producer, registry, at }: Deps) {
  const latestId = (topic: string) => registry.getLatestSchemaId(subjectOf(topic));
  const commandId = await latestId(dispatchTopic("whatsapp"));
  const outcomeId = await latestId(topics.messageOutcomes.name);

  async function send(
    topic: string,
    { key, id, value }: { key: string; id: number; value: object },
  ) {
    const messages = [{ key, value: await registry.encode(id, value) }];
    await producer.send({ topic, acks: -1, messages });
  }

  return {
    command(request: SendRequest, attemptIndex: number): Promise<void> {
      const { messageId, accountId, recipient, content, steps } = request;
      const { channel = "", sender = null, waitSeconds = null } = steps[attemptIndex] ?? {};
      const value: DispatchCommandInit = {
        commandId: `${messageId}:${attemptIndex}`,
        messageId,
        attemptIndex,
        accountId,
        channel,
        sender,
        recipient,
        content: { type: content.type, text: content.text },
        waitMs: waitSeconds === null ? null : waitSeconds * 1_000,
        notAfter: Date.now() + (waitSeconds ?? 3_600) * 1_000,
        onUnknown: "WAIT",
        issuedAt: Date.now(),
      };
      return send(at.commandsOf(channel), { key: messageId, id: commandId, value });
    },
    outcome({ messageId, accountId, requestedAt }: SendRequest, ended: Ended): Promise<void> {
      const ids = { messageId, accountId, revision: 1, requestedAt };
      const value: MessageOutcomeInit = { ...ids, ...ended, decidedAt: Date.now() };
      return send(at.outcomes, { key: messageId, id: outcomeId, value });
    },
  };
}
