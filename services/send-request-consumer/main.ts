import { runService } from "#libs/lifecycle/run-service.ts";
import { sendRequestConsumer } from "./service.ts";

await runService(sendRequestConsumer, process.env);
