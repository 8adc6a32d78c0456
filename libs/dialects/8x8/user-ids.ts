/** Members of 8x8's `user` that are a person's id on one channel, and that channel. */
export const userIds = [
  ["channelUserId", "whatsapp"],
  ["lineUserId", "line"],
] as const;
