import { CommanderError } from "commander";
import { EXIT, Fault } from "./faults.ts";
import { createProgram } from "./program.ts";
import type { Env } from "./settings/file-credentials.ts";
import { showFault } from "./show-fault.ts";

/**
 * Runs one command. What goes wrong in an expected way is told in a line or two on standard error, and the
 * exit code that it resolves with tells the kinds apart (faults.ts); undefined: the command is done, and
 * may have set one of its own. Anything else is thrown.
 */
export async function runTool(args: readonly string[], env: Env): Promise<number | undefined> {
  try {
    await createProgram(env).parseAsync(args, { from: "user" });
    return undefined;
  } catch (error) {
    // Help and version are no faults; commander has printed whatever there was to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (!(error instanceof Fault)) throw error;
    console.error(showFault(error, { isJson: args.includes("--json") }));
    return error.exitCode;
  }
}
