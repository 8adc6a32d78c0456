// Every Redis key of the dispatchers. One hash tag per channel, because a script changes a claim
// and the channel's retry queue together.

export function claimKey(channel: string, commandId: string): string {
  return `${tag(channel)}:claim:${commandId}`;
}

/** Commands that wait for another call: commandId -> due time, epoch ms. */
export function retryKey(channel: string): string {
  return `${tag(channel)}:retries`;
}

export function rateKey(channel: string, sender: string): string {
  return `${tag(channel)}:rate:${sender}`;
}

function tag(channel: string): string {
  return `{dispatch:${channel}}`;
}
