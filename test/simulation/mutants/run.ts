// `npm run test:mutants`: plants each known bug by itself and lets the simulation look for it. Fails where one
// is not found within SIMULATION_SCHEDULES (600) schedules, or fits its file no more. `-- <words>` plants
// those alone whose name has the words.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type PlantedBug, plantedBugs } from "./planted-bugs.ts";

const { SIMULATION_SCHEDULES = "600" } = process.env;
const root = join(import.meta.dirname, "../../..");
const wanted = process.argv.slice(2).join(" ");
const chosen = plantedBugs.filter(({ name }) => name.includes(wanted));
let foundCount = 0;
for (const bug of chosen) {
  const { isFound, words } = await lookFor(bug);
  if (isFound) foundCount += 1;
  console.log(`${isFound ? "found " : "MISSED"}  ${bug.name}\n        ${words}`);
}
console.log(`${foundCount} of ${chosen.length} planted bugs are found.`);
process.exitCode = foundCount === chosen.length ? 0 : 1;

type Look = { isFound: boolean; words: string };

/** `words`: what the first schedule that fails says, or why none did. */
async function lookFor({ name }: PlantedBug): Promise<Look> {
  const plant = join(import.meta.dirname, "plant.ts");
  const simulation = join(root, "test/simulation/run.ts");
  const chosenBug = { PLANTED_BUG: name, SIMULATION_SCHEDULES, SIMULATION_FAILURES: "1" };
  const child = spawn(process.execPath, ["--import", plant, simulation], {
    cwd: root,
    env: { ...process.env, ...chosenBug },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, fault] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  const failure = /Schedule (\d+) breaks what is promised[^\n]*\n +- ([^\n]*)/.exec(output);
  if (failure) return { isFound: true, words: `seed ${failure[1]}: ${failure[2]}` };
  const unfit = /^\w*Error: .*$/m.exec(fault)?.[0];
  return { isFound: false, words: unfit ?? `no schedule of ${SIMULATION_SCHEDULES} fails` };
}
