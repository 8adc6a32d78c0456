import { styleText } from "node:util";
import type { Fault } from "./faults.ts";
import { printableJson, printableLines } from "./printable.ts";

/** A fault for a person, or with `--json` as one line for a program. */
export function showFault({ message, code }: Fault, { isJson }: { isJson: boolean }): string {
  if (isJson) return printableJson({ error: { code, message } });
  const [first = "", ...rest] = printableLines(message).split("\n");
  return [styleText("red", first, { stream: process.stderr }), ...rest].join("\n");
}
