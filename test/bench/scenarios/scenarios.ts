import { fire } from "./fire.ts";
import { http } from "./http.ts";
import { idle } from "./idle.ts";
import { lateness } from "./lateness.ts";
import { lives } from "./lives.ts";
import { openTimers } from "./open-timers.ts";
import { receipts } from "./receipts.ts";
import { restore } from "./restore.ts";
import { scale } from "./scale.ts";
import type { Scenario } from "./scenario.ts";
import { take } from "./take.ts";

export const scenarios: readonly Scenario[] = [
  take,
  fire,
  openTimers,
  lateness,
  lives,
  http,
  idle,
  receipts,
  restore,
  scale,
];
