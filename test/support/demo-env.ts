// What a process needs of keys to run as the demonstration does.
import { createHash } from "node:crypto";

/** The same for every file of a run: they share a Redis, which remembers one deployment's key. */
const SECRETS_KEY = createHash("sha256").update("the key of all tests").digest("base64");

export const demoEnv = { DEMO_KEYS: "on", SECRETS_KEY } as const;
