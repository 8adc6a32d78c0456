// Every Redis key of the webhooks that wait. One hash tag per shard of accounts, because a script
// changes a lane and its shard's index together.
import { createHash } from "node:crypto";
import { shardOf } from "#libs/flow-store/shard-of.ts";

/** Fixed for ever: what waits would not be found under another number. Each is looked at five times a second at least. */
export const SHARD_COUNT = 4;

/** More would let one account, by callback URLs of ever new hosts, fill the look at everybody's lanes. */
const CALLBACK_LANE_COUNT = 256;

/**
 * Where notifications of one account go one after the other per message: a registered webhook, or
 * messages' own callback URLs of one origin (scheme, host, port), which it may share with others.
 */
export type Lane = { accountId: string; name: string };

/** Of a registered webhook. */
export function hookLane(accountId: string, hook: string): Lane {
  return { accountId, name: `${accountId}/hook/${hook}` };
}

/** The registered webhook whose lane it is. */
export function hookOf({ accountId, name }: Lane): string {
  return name.slice(hookLane(accountId, "").name.length);
}

/** Of a message's own callback URL. Throws TypeError for what is no URL. */
export function callbackLane(accountId: string, url: string): Lane {
  const number = shardOf(new URL(url).origin, CALLBACK_LANE_COUNT);
  return { accountId, name: `${accountId}/url/${number}` };
}

/** An account's id has no slash. */
export function laneNamed(name: string): Lane {
  return { accountId: name.slice(0, name.indexOf("/")), name };
}

/** zset: lane -> when there is next something to claim in it, epoch ms. */
export function lanesKey(shard: number): string {
  return `${tag(shard)}:lanes`;
}

/** zset: message in a lane -> since when something waits for it, epoch ms. For metrics. */
export function waitingKey(shard: number): string {
  return `${tag(shard)}:waiting`;
}

/** zset: messageId -> when its first notification is due, epoch ms. */
export function dueKey(lane: Lane): string {
  return `${tagOf(lane)}:due:${lane.name}`;
}

/** zset: messageId in flight -> end of its lease, epoch ms. */
export function flightKey(lane: Lane): string {
  return `${tagOf(lane)}:flight:${lane.name}`;
}

/** hash: messageId -> how often its first notification has failed. */
export function failuresKey(lane: Lane): string {
  return `${tagOf(lane)}:failures:${lane.name}`;
}

/** list: a message's notifications, oldest first. */
export function queueKey(lane: Lane, messageId: string): string {
  return `${tagOf(lane)}:queue:${lane.name}:${messageId}`;
}

/** set: marks of the notifications that the queue has had. */
export function toldKey(lane: Lane, messageId: string): string {
  return `${tagOf(lane)}:told:${lane.name}:${messageId}`;
}

/**
 * A notification's id as it is remembered: 48 bits of its hash, because Redis keeps a set of integers
 * in a quarter of the memory. Two of a message's some ten events are one by a chance of 1 in 10^12.
 */
export function toldMark(noteId: string): string {
  return String(createHash("sha256").update(noteId).digest().readUIntBE(0, 6));
}

/** hash: lane of a webhook whose last try failed -> since when, when last (epoch ms), and why. */
export function failingKey(shard: number): string {
  return `${tag(shard)}:failing`;
}

/** zset: failureId -> when it was given up, epoch ms. */
export function deadKey(accountId: string): string {
  return `${tagOf({ accountId })}:dead:${accountId}`;
}

/** hash: failureId -> the dead letter. */
export function deadLettersKey(accountId: string): string {
  return `${tagOf({ accountId })}:dead-letters:${accountId}`;
}

/** hash: lane -> how many of its account's dead letters are its own. */
export function deadCountsKey(accountId: string): string {
  return `${tagOf({ accountId })}:dead-counts:${accountId}`;
}

/** Given up twice, a notification is one dead letter. */
export function failureIdOf({ name }: Lane, noteId: string): string {
  return createHash("sha256").update(`${name}\n${noteId}`).digest("hex").slice(0, 32);
}

export function shardOfAccount(accountId: string): number {
  return shardOf(accountId, SHARD_COUNT);
}

function tagOf({ accountId }: Pick<Lane, "accountId">): string {
  return tag(shardOfAccount(accountId));
}

function tag(shard: number): string {
  return `ft:webhooks:{${String(shard).padStart(2, "0")}}`;
}
