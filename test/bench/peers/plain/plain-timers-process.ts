// The plain service's loop over what is due: a full page is followed by the next at once, else there is a pause.
import { setTimeout as sleep } from "node:timers/promises";
import { connectPlain } from "./connect-plain.ts";

const POLL_MS = 50;

const { store, steps } = await connectPlain(process.argv.slice(2));
process.once("SIGTERM", () => process.exit());
process.send?.("ready");
for (;;) {
  const { ids, isFull } = await store.due();
  await Promise.all(ids.map((id) => steps.timeOut(id)));
  if (!isFull) await sleep(POLL_MS);
}
