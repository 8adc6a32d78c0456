// Whose CPU is counted besides ours: whoever listens at the broker's and Redis' ports, if it is a
// process of this machine that we may look at.
import { readdir, readFile, readlink } from "node:fs/promises";
import type { Infrastructure } from "#deploy/infrastructure/start-infrastructure.ts";
import type { Watched } from "./cpu.ts";

/** The pids of broker and Redis by name; what cannot be found is left out. */
export async function findInfrastructurePids({
  kafkaBrokers,
  redisUrl,
}: Infrastructure): Promise<Watched> {
  const ports = {
    broker: Number(kafkaBrokers[0]?.split(":").at(-1)),
    redis: Number(new URL(redisUrl).port),
  };
  const found = await Promise.all(
    Object.entries(ports).map(async ([name, port]) => [name, await findListener(port)] as const),
  );
  return Object.fromEntries(found.filter((entry): entry is [string, number] => entry[1] !== null));
}

async function findListener(port: number): Promise<number | null> {
  const sockets = new Set([
    ...(await listeningSockets("/proc/net/tcp", port)),
    ...(await listeningSockets("/proc/net/tcp6", port)),
  ]);
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const links = await openFiles(pid);
    if (links.some((link) => sockets.has(link))) return Number(pid);
  }
  return null;
}

/** The kernel's table has the address in hexadecimal, the state (0A: listening) and the inode. */
async function listeningSockets(table: string, port: number): Promise<string[]> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  const lines = (await readFile(table, "utf8").catch(() => "")).split("\n");
  const fields = lines.map((line) => line.trim().split(/\s+/));
  return fields
    .filter(([, address = "", , state]) => address.endsWith(`:${hexPort}`) && state === "0A")
    .map(([, , , , , , , , , inode]) => `socket:[${inode}]`);
}

async function openFiles(pid: string): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  return Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => "")));
}
