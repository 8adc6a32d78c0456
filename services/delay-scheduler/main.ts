import { runService } from "#libs/lifecycle/run-service.ts";
import { delayScheduler } from "./service.ts";

await runService(delayScheduler, process.env);
