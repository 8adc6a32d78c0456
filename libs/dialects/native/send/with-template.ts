// A batch's template, and what each of its messages says instead.
import { isObject } from "#libs/json/json-object.ts";
import type { BatchHead } from "./body.ts";

/** The message's own members win, those of `content` each by itself; a way of its own wins whole. */
export function withTemplate(message: unknown, template: BatchHead["template"]): unknown {
  if (!template || !isObject(message)) return message;
  const { steps, flowId, ...rest } = template;
  const hasWay = message["steps"] !== undefined || message["flowId"] !== undefined;
  const { content } = message;
  return {
    ...rest,
    ...(!hasWay && steps && { steps }),
    ...(!hasWay && flowId !== undefined && { flowId }),
    ...message,
    ...(rest.content && isObject(content) && { content: { ...rest.content, ...content } }),
  };
}
