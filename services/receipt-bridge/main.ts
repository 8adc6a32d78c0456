import { runService } from "#libs/lifecycle/run-service.ts";
import { receiptBridge } from "./service.ts";

await runService(receiptBridge, process.env);
