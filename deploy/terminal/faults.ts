// What a person at the terminal is told when something does not work. Whatever else is thrown is a
// bug and keeps its stack.

/** The exit codes of every command, but for `settings diff`, which has its own. */
export const EXIT = { ok: 0, refused: 1, usage: 2, unreachable: 3 } as const;

/** An expected fault; the message says what to do, in one or two lines. */
export class Fault extends Error {
  override name = "Fault";
  readonly exitCode: number;
  /** A word that a program can tell apart: the API's code, or one of ours. */
  readonly code: string;

  constructor(message: string, { exitCode, code }: { exitCode: number; code: string }) {
    super(message);
    this.exitCode = exitCode;
    this.code = code;
  }
}

/** The command line, the environment or a file must be mended. */
export function usageFault(message: string): Fault {
  return new Fault(message, { exitCode: EXIT.usage, code: "usage" });
}

/** Nobody answered, or not in time. */
export function unreachableFault(message: string): Fault {
  return new Fault(message, { exitCode: EXIT.unreachable, code: "unreachable" });
}

/** The API said no; `code` is its problem's. */
export function refusalFault(message: string, code: string): Fault {
  return new Fault(message, { exitCode: EXIT.refused, code });
}
