// The terminal tool: `fallthrough <command>`.
import { EXIT } from "./faults.ts";
import { runTool } from "./run-tool.ts";

// The files that a command names are meant from where it was called.
if (process.env["FALLTHROUGH_FOLDER"]) process.chdir(process.env["FALLTHROUGH_FOLDER"]);
// A reader that has seen enough, such as `head`, is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? EXIT.ok : EXIT.usage);
});

const exitCode = await runTool(process.argv.slice(2), process.env);
if (exitCode !== undefined) process.exitCode = exitCode;
