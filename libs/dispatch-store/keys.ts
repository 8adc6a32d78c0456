// Every Redis key of the dispatchers. One hash tag per channel, because a script changes claims,
// lanes and rates together: on Redis Cluster a channel's keys live in one slot. The pace of a connection is
// over all of its channels, and so in a slot of none.

/** The `KEYS` of every script of a channel. To a beginning, a script appends what it learns as it runs. */
export function dispatchKeys(channel: string): string[] {
  const tag = `ft:dispatch:{${channel}}`;
  return [
    `${tag}:accounts`, // zset: account -> its turn, epoch us.
    `${tag}:delayed`, // zset: commandId -> when it is looked at again, epoch ms.
    `${tag}:waiting`, // zset: commandId in a lane -> since when it waits, epoch us.
    `${tag}:claim:`, // Beginning of a hash per command: its state, tries, answer, and what waits.
    `${tag}:lanes:`, // Beginning of a zset per account: lane -> its turn, epoch us.
    `${tag}:lane:`, // Beginning of a zset per lane: commandId -> since when it waits, epoch us.
    `${tag}:rate:`, // Beginning of a string per lane: when its bucket is empty, epoch us.
    `${tag}:circuit:`, // Beginning of a hash per connection that has failed: how often, until when it rests.
  ];
}

/** The `KEYS` of `ask-pace.lua`, which says what they are. */
export function paceKeys(channel: string, commandId: string): string[] {
  const tag = "ft:dispatch:{connections}";
  return [`${tag}:slot:${channel}:${commandId}`, `${tag}:pace:`, `${tag}:pace-of:${channel}:`];
}

/** Where the commands of one sender of one account wait. */
export type Lane = { accountId: string; name: string };

/** No two lanes have one name, whatever stands in an account's or a sender's. */
export function laneOf({ accountId, sender }: { accountId: string; sender: string | null }): Lane {
  return { accountId, name: JSON.stringify([accountId, sender ?? ""]) };
}

/** Lives as long as nobody is to ask a connection's provider for receipts of the channel. */
export function pollKey(channel: string, guid: string): string {
  return `ft:dispatch:{${channel}}:poll:${guid}`;
}
