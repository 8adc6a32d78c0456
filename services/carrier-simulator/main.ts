import { runService } from "#libs/lifecycle/run-service.ts";
import { carrierSimulator } from "./service.ts";

await runService(carrierSimulator, process.env);
