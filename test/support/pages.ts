// The commands of a page for readers, run as somebody would who pastes them, but against another address.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(import.meta.dirname, "../..");
const BIN = join(ROOT, "deploy/terminal/bin.mjs");
/** Where `npm start` listens, as the pages have it. */
const USUAL_HOST = "127.0.0.1:8080";
const LIMIT_MS = 60_000;
const run = promisify(execFile);

/** The pages, with what each of their blocks prints. */
export const pages = [
  { page: "docs/moving-from-8x8.md", printed: [/"umid":"/, /Succeeded by SMS/] },
  {
    page: "docs/moving-from-alibaba.md",
    printed: [
      /^OK \S{36}$/m,
      /AccessKeyId \S{36}\n {2}AccessKeySecret \S{43}\n/,
      /fallback-policies\/S_000002/,
    ],
  },
  { page: "docs/moving-from-infobip.md", printed: [/PENDING_ACCEPTED/, /flows\/parcel/] },
  { page: "docs/moving-from-kaleyra.md", printed: [/flows\/codes/, /"workflowInvocationId":"/] },
  {
    page: "docs/moving-from-vonage.md",
    printed: [
      /^[0-9a-f-]{36}$/m,
      /^[0-9a-f-]{36}$/m,
      /^delivered, signed: true$/m,
      /"dispatch_uuid":"/,
      /Succeeded by SMS/,
    ],
  },
];

/** What each block of a page printed, in order, as `adapt` has it. Rejects at the first that fails. */
export async function runPage(
  path: string,
  apiUrl: string,
  adapt = (code: string) => code,
): Promise<string[]> {
  const page = await readFile(join(ROOT, path), "utf8");
  const printed: string[] = [];
  for (const [, language, block = ""] of page.matchAll(/```(sh|js)\n([\s\S]*?)```/g)) {
    const code = adapt(block.replaceAll(USUAL_HOST, new URL(apiUrl).host));
    const [program, args] =
      language === "js"
        ? [process.execPath, ["--input-type=module", "-e", code]]
        : ["bash", ["-euo", "pipefail", "-c", withTool(code)]];
    const env = { ...process.env, FALLTHROUGH_URL: apiUrl };
    const running = run(program, args, { cwd: ROOT, env, timeout: LIMIT_MS });
    printed.push((await running).stdout);
    // What ends in order when it is asked to looks like what has ended.
    if (running.child.killed) throw new Error(`It goes on for a minute:\n${code}`);
  }
  return printed;
}

/** `npx` would only find the same tool, a second later. */
function withTool(code: string): string {
  return code.replaceAll("npx fallthrough", `"${process.execPath}" "${BIN}"`);
}
