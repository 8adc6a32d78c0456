// `npm run test:mutants`: plants each known bug by itself and lets the simulation look for it. Fails where one
// is not found within SIMULATION_SCHEDULES (4,000) schedules, or fits its file no more. `-- <words>` plants
// those alone whose name has the words.
import { join } from "node:path";
import { play } from "../players.ts";
import { type PlantedBug, plantedBugs } from "./planted-bugs.ts";

const { SIMULATION_SCHEDULES = "4000", SIMULATION_FROM = "1" } = process.env;
const plant = join(import.meta.dirname, "plant.ts");
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
async function lookFor({ name, hasLosses = false }: PlantedBug): Promise<Look> {
  const count = Number(SIMULATION_SCHEDULES);
  let look = { isFound: false, words: `no schedule of ${count} fails` };
  const env = { ...process.env, PLANTED_BUG: name };
  const share = { fromSeed: Number(SIMULATION_FROM), step: 1, count, hasLosses };
  try {
    await play(
      share,
      ({ seed, breaches: [breach] }) => {
        if (breach) look = { isFound: true, words: `seed ${seed}: ${breach}` };
        return !breach;
      },
      { execArgv: ["--import", plant], env },
    );
  } catch (error) {
    return { isFound: false, words: String(error) };
  }
  return look;
}
