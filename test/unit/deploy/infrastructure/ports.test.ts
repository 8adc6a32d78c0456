import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { choosePort, freePort } from "#deploy/infrastructure/ports.ts";

const wish = { owner: "Kafka broker", variable: "KAFKA_PORT" };

async function takenPort(): Promise<AsyncDisposable & { port: number }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { port, [Symbol.asyncDispose]: async () => void server.close() };
}

function recorder() {
  const said: string[] = [];
  return { said, say: (sentence: string) => void said.push(sentence), update: () => undefined };
}

it("gives way with a taken default and says so", async () => {
  await using taken = await takenPort();
  const progress = recorder();
  const port = await choosePort({ ...wish, defaultPort: taken.port, asked: 0 }, progress);
  expect(port).not.toBe(taken.port);
  expect(progress.said.join()).toContain(`the Kafka broker takes ${port} (KAFKA_PORT`);
});

it("refuses a taken port that was asked for, names its holder and the variable", async () => {
  await using taken = await takenPort();
  const asked = choosePort({ ...wish, defaultPort: 1, asked: taken.port }, recorder());
  await expect(asked).rejects.toThrow(
    new RegExp(`Port ${taken.port} is taken by .*KAFKA_PORT=\\d+`),
  );
});

it("gives no port twice, and none that a connection which goes out could take", async () => {
  const ports: number[] = [];
  while (ports.length < 500) ports.push(await freePort());
  expect(new Set(ports).size).toBe(500);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});
