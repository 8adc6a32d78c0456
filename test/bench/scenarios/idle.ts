// What `npm start` takes of a machine while nobody sends anything.
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bench } from "../bench.ts";
import type { Sample } from "../figures/results.ts";
import { measure } from "../measure.ts";
import { startAllInOne } from "./all-in-one.ts";
import type { Scenario } from "./scenario.ts";

/** What a start leaves to be done, the first collections among it. */
const CALM_MS = 5_000;

export const idle: Scenario = {
  name: "idle",
  title: "npm start while nobody sends anything",
  event: "second",
  systems: { "npm start": npmStart },
};

async function npmStart(bench: Bench): Promise<Sample> {
  await using product = await startAllInOne(bench);
  await sleep(CALM_MS);
  const seconds = bench.plan.idleSeconds;
  const { watched } = product;
  const sample = await bench.around(product, () =>
    measure({ watched, eventCount: seconds }, async () => {
      await sleep(seconds * 1_000);
      return { mebibytes: await residentMebibytes(product.pid) };
    }),
  );
  const cores = (sample.cpuUs["node"] ?? 0) / 1_000_000;
  return { ...sample, figures: { ...sample.figures, cores } };
}

async function residentMebibytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1_024);
}
