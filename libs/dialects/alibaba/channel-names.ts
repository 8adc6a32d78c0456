// Alibaba's names of the channels that there are here. SMS is none of them: it only follows.
import type { Channel } from "#libs/contracts/topics.ts";

export const channelTypes = ["whatsapp", "viber"] as const satisfies Channel[];
