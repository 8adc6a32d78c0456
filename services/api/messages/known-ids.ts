// By which ids a message is found: by ours, and by whatever else its client or a carrier knows it by.
import type { KnownMessage } from "#libs/dialects/dialect.ts";
import { dialectOf, dialects } from "#libs/dialects/dialects.ts";

/** Our ids of the messages that an id may lead to: itself, and what a vendor's leads to. */
export function messageIdsFor(id: string): string[] {
  const led = Object.values(dialects).flatMap(({ messageIdOf }) => messageIdOf?.(id) ?? []);
  return [...new Set([id, ...led])];
}

/** Whether the id leads to the message: one of a vendor's to what its own clients sent. */
export function isNamedBy(id: string, { entry: { messageId }, request }: KnownMessage): boolean {
  return id === messageId || dialectOf(request.dialect).messageIdOf?.(id) === messageId;
}

/** Whether the id is one that its client or a carrier has for the message, its batch or its flow. */
export function isKnownAs(id: string, message: KnownMessage): boolean {
  const { clientMessageId, batchId, clientBatchId, flowId, steps } = message.request;
  const later = steps.map((step) => step.clientMessageId);
  const carriers = message.entry.state.attempts.flatMap(({ providerMessageId, parts }) => [
    providerMessageId,
    ...parts.map((part) => part.providerMessageId),
  ]);
  const ids = [clientMessageId, ...later, batchId, clientBatchId, flowId, ...carriers];
  return ids.includes(id) || isNamedBy(id, message);
}
