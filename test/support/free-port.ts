import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/**
 * Below the ports that systems give to connections which go out (Linux from 32,768, others from
 * 49,152): there are thousands of those beside a test, and one could take the port before its user does.
 */
const PORTS = { min: 10_000, max: 32_767 };

/** A port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const port = randomInt(PORTS.min, PORTS.max + 1);
  return (await isFree(port)) ? port : freePort();
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
