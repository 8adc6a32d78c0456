import { runService } from "#libs/lifecycle/run-service.ts";
import { webhookNotifier } from "./service.ts";

await runService(webhookNotifier, process.env);
