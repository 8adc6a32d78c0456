// Which stage a sample is in. Of a chain of calls the innermost place counts that is in it: bytes that avsc writes for
// an outbox are encoded, whoever asked for it.
import type { Frame } from "./cpu-profile.ts";
import { AROUND, type Owner, STAGES, type Stage } from "./stage-table.ts";

/** The main thread's part of it: V8 has threads for it, too. Never in a stage, whoever's memory it was. */
const COLLECTION = "garbage collection";
/** The event loop, promises, sockets and timers, with nobody on the stack who asked for it. */
const NODE = "Node";
/** Samples without a stage. */
export const OTHER = "other";

const ALL: readonly Pick<Stage, "name" | "owner">[] = [
  ...STAGES,
  ...AROUND,
  { name: COLLECTION, owner: "node" },
  { name: NODE, owner: "node" },
  { name: OTHER, owner: "ours" },
];

/** All places that the table names, whose files are to be there. */
export const placeNames: readonly string[] = [...STAGES, ...AROUND].flatMap(({ places }) => places);

/** All names, in the order of the way. */
export const stageNames: readonly string[] = ALL.map(({ name }) => name);

export function ownerOf(stage: string): Owner {
  return ALL.find(({ name }) => name === stage)?.owner ?? "ours";
}

/** The stage of a chain that begins with the innermost call; null where nothing was done. */
export function stageOf(chain: readonly Frame[]): string | null {
  const { functionName } = chain[0] ?? {};
  if (functionName === "(idle)") return null;
  if (functionName === "(garbage collector)") return COLLECTION;
  return firstOf(chain, STAGES) ?? firstOf(chain, AROUND) ?? (chain.every(isNodes) ? NODE : OTHER);
}

/** Whether a frame is no file's but Node's: what has none is V8's, or in C++. */
export function isNodes({ url }: Frame): boolean {
  return url === "" || url.startsWith("node:");
}

function firstOf(chain: readonly Frame[], stages: readonly Stage[]): string | undefined {
  for (const frame of chain) {
    const stage = stages.find(({ places }) => places.some((place) => isAt(frame, place)));
    if (stage) return stage.name;
  }
  return undefined;
}

function isAt({ url, functionName }: Frame, place: string): boolean {
  const [file = "", name] = place.split("#");
  return url.includes(file) && (name === undefined || name === functionName);
}
