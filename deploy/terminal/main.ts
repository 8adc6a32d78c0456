// The terminal tool: `fallthrough <command>`. What goes wrong in an expected way is told in a line or
// two on standard error; the exit code tells the kinds apart (faults.ts).
import { CommanderError } from "commander";
import { EXIT, Fault } from "./faults.ts";
import { createProgram } from "./program.ts";
import { showFault } from "./show-fault.ts";

// The files that a command names are meant from where it was called.
if (process.env["FALLTHROUGH_FOLDER"]) process.chdir(process.env["FALLTHROUGH_FOLDER"]);
// A reader that has seen enough, such as `head`, is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? EXIT.ok : EXIT.usage);
});

const program = createProgram();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version are no faults; commander has printed whatever there was to say.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  } else if (error instanceof Fault) {
    console.error(showFault(error, { isJson: process.argv.includes("--json") }));
    process.exitCode = error.exitCode;
  } else {
    throw error;
  }
}
