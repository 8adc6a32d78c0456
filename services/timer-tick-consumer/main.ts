import { runService } from "#libs/lifecycle/run-service.ts";
import { timerTickConsumer } from "./service.ts";

await runService(timerTickConsumer, process.env);
