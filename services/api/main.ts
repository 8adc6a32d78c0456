import { runService } from "#libs/lifecycle/run-service.ts";
import { api } from "./service.ts";

await runService(api, process.env);
