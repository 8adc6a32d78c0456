import { runService } from "#libs/lifecycle/run-service.ts";
import { channelDispatcher } from "./service.ts";

await runService(channelDispatcher, process.env);
