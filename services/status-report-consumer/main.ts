import { runService } from "#libs/lifecycle/run-service.ts";
import { statusReportConsumer } from "./service.ts";

await runService(statusReportConsumer, process.env);
