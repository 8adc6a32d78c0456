// The terminal tool: `fallthrough <command>`.
import { endWithReader } from "./closed-reader.ts";
import { runTool } from "./run-tool.ts";

// The files that a command names are meant from where it was called.
if (process.env["FALLTHROUGH_FOLDER"]) process.chdir(process.env["FALLTHROUGH_FOLDER"]);
endWithReader();

const exitCode = await runTool(process.argv.slice(2), process.env);
if (exitCode !== undefined) process.exitCode = exitCode;
