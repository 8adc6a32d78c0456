import { runService } from "#libs/lifecycle/run-service.ts";
import { allInOne } from "./service.ts";

await runService(allInOne, process.env);
