// Sorted sets: by score, then by the bytes of the member.
import { type Command, numberOf, type Reply, showScore } from "./command.ts";

type Entry = [member: string, score: number];

function sorted(set: ReadonlyMap<string, number> | undefined): Entry[] {
  if (!set) return [];
  const entries = [...set];
  return entries.length < 2 ? entries : entries.toSorted(byPlace);
}

function byPlace([a, aScore]: Entry, [b, bScore]: Entry): number {
  return aScore - bScore || (a < b ? -1 : 1);
}

type Bound = { at: number; isOpen: boolean };

function bound(text: string): Bound {
  const isOpen = text.startsWith("(");
  return { at: numberOf(isOpen ? text.slice(1) : text), isOpen };
}

function between(entries: Entry[], min: string, max: string): Entry[] {
  const [low, high] = [bound(min), bound(max)];
  return entries.filter(([, score]) => {
    const isAbove = low.isOpen ? score > low.at : score >= low.at;
    return isAbove && (high.isOpen ? score < high.at : score <= high.at);
  });
}

function ranked(entries: Entry[], from: string, to: string): Entry[] {
  const place = (text: string) => {
    const rank = Number(text);
    return rank < 0 ? Math.max(0, entries.length + rank) : rank;
  };
  const last = Number(to) < 0 ? entries.length + Number(to) : Number(to);
  return entries.slice(place(from), last + 1);
}

/** `[text`, `(text`, `-` and `+`, among members of one score. */
function betweenTexts(entries: Entry[], min: string, max: string): Entry[] {
  const isAbove = (member: string) =>
    min === "-" || (min.startsWith("[") ? member >= min.slice(1) : member > min.slice(1));
  const isBelow = (member: string) =>
    max === "+" || (max.startsWith("[") ? member <= max.slice(1) : member < max.slice(1));
  return entries.filter(([member]) => isAbove(member) && isBelow(member));
}

type Options = { withScores: boolean; limit: [number, number] | undefined; words: Set<string> };

const NO_OPTIONS: Options = { withScores: false, limit: undefined, words: new Set() };

function optionsOf(args: readonly string[]): Options {
  if (args.length === 0) return NO_OPTIONS;
  const words = args.map((each) => each.toUpperCase());
  const at = words.indexOf("LIMIT");
  const limit: Options["limit"] =
    at === -1 ? undefined : [Number(args[at + 1]), Number(args[at + 2])];
  return { withScores: words.includes("WITHSCORES"), limit, words: new Set(words) };
}

function told(entries: Entry[], { withScores, limit }: Options): Reply {
  const [offset, count] = limit ?? [0, entries.length];
  const page = entries.slice(offset, count < 0 ? undefined : offset + count);
  const reply: string[] = [];
  for (const [member, score] of page) {
    reply.push(member);
    if (withScores) reply.push(showScore(score));
  }
  return reply;
}

const ADD_WORDS = new Set(["NX", "XX", "GT", "LT", "CH"]);

export const sortedSetCommands: Readonly<Record<string, Command>> = {
  ZADD({ keys }, [key = "", ...rest]) {
    const start = rest.findIndex((each) => !ADD_WORDS.has(each.toUpperCase()));
    const words = new Set(rest.slice(0, start).map((each) => each.toUpperCase()));
    const pairs = rest.slice(start);
    const scores = pairs.filter((_, index) => index % 2 === 0).map(numberOf);
    const found = keys.find(key, "zset");
    if (!found && words.has("XX")) return 0;
    const set = keys.open(key, "zset");
    let [added, changed] = [0, 0];
    for (const [index, score] of scores.entries()) {
      const member = pairs[2 * index + 1] ?? "";
      const before = set.get(member);
      if (before === undefined ? words.has("XX") : words.has("NX")) continue;
      if (before !== undefined && words.has("LT") && score >= before) continue;
      if (before !== undefined && words.has("GT") && score <= before) continue;
      if (before === undefined) added += 1;
      else if (before !== score) changed += 1;
      set.set(member, score);
    }
    return words.has("CH") ? added + changed : added;
  },
  ZREM({ keys }, [key = "", ...members]) {
    const set = keys.openFound(key, "zset");
    const gone = members.filter((member) => set?.delete(member)).length;
    keys.dropIfEmpty(key);
    return gone;
  },
  ZCARD: ({ keys }, [key = ""]) => keys.find(key, "zset")?.size ?? 0,
  ZSCORE({ keys }, [key = "", member = ""]) {
    const score = keys.find(key, "zset")?.get(member);
    return score === undefined ? null : showScore(score);
  },
  ZMSCORE({ keys }, [key = "", ...members]) {
    const set = keys.find(key, "zset");
    return members.map((member) => {
      const score = set?.get(member);
      return score === undefined ? null : showScore(score);
    });
  },
  ZCOUNT: ({ keys }, [key = "", min = "", max = ""]) =>
    between(sorted(keys.find(key, "zset")), min, max).length,
  ZRANGE({ keys }, [key = "", from = "", to = "", ...rest]) {
    const options = optionsOf(rest);
    const all = sorted(keys.find(key, "zset"));
    const isReversed = options.words.has("REV");
    if (isReversed && options.words.has("BYSCORE"))
      return told(between(all, to, from).toReversed(), options);
    if (isReversed) return told(ranked(all.toReversed(), from, to), options);
    const found = options.words.has("BYSCORE") ? between(all, from, to) : ranked(all, from, to);
    return told(found, options);
  },
  ZREVRANGE({ keys }, [key = "", from = "", to = "", ...rest]) {
    return told(ranked(sorted(keys.find(key, "zset")).toReversed(), from, to), optionsOf(rest));
  },
  ZRANGEBYSCORE({ keys }, [key = "", min = "", max = "", ...rest]) {
    return told(between(sorted(keys.find(key, "zset")), min, max), optionsOf(rest));
  },
  ZREVRANGEBYSCORE({ keys }, [key = "", max = "", min = "", ...rest]) {
    return told(between(sorted(keys.find(key, "zset")), min, max).toReversed(), optionsOf(rest));
  },
  ZRANGEBYLEX({ keys }, [key = "", min = "", max = "", ...rest]) {
    return told(betweenTexts(sorted(keys.find(key, "zset")), min, max), optionsOf(rest));
  },
  // All at once, whatever the count: that is allowed.
  ZSCAN: ({ keys }, [key = ""]) => {
    const entries = sorted(keys.find(key, "zset"));
    return ["0", entries.flatMap(([member, score]) => [member, showScore(score)])];
  },
  ZLEXCOUNT: ({ keys }, [key = "", min = "", max = ""]) =>
    betweenTexts(sorted(keys.find(key, "zset")), min, max).length,
  ZREMRANGEBYRANK({ keys }, [key = "", from = "", to = ""]) {
    return removeAll(keys, key, (all) => ranked(all, from, to));
  },
  ZREMRANGEBYSCORE({ keys }, [key = "", min = "", max = ""]) {
    return removeAll(keys, key, (all) => between(all, min, max));
  },
};

type Keys = Parameters<Command>[0]["keys"];

function removeAll(keys: Keys, key: string, choose: (all: Entry[]) => Entry[]): number {
  const set = keys.openFound(key, "zset");
  if (!set) return 0;
  const gone = choose(sorted(set));
  for (const [member] of gone) set.delete(member);
  keys.dropIfEmpty(key);
  return gone.length;
}
