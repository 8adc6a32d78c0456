/** What stands below a command's help, for `addHelpText("after", ...)`. */
export function example(...lines: readonly string[]): string {
  const title = lines.length === 1 ? "Example:" : "Examples:";
  return `\n${[title, ...lines.map((line) => `  ${line}`)].join("\n")}`;
}
