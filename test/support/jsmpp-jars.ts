// The jars of jSMPP's simulator of an SMSC, from Maven, each known by its hash.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "#deploy/infrastructure/run-command.ts";
import { madeOnce, SETUP_MS_MAX } from "#test/support/made-once.ts";

const POM = join(import.meta.dirname, "jsmpp/pom.xml");
const FOLDER = join(import.meta.dirname, "../../.fallthrough/jsmpp-3.0.1");
const SHA256: Readonly<Record<string, string>> = {
  "jsmpp-3.0.1.jar": "61b794fc9ac74ed803d80f1be429e6dc2ded799e76a7a249d2c905e56684f706",
  "jsmpp-examples-3.0.1.jar": "e9731676b24a48272ce80657789c470bfe3a8489131904f446a5f5a938606815",
  "slf4j-api-1.7.36.jar": "d3ef575e3e4979678dc01bf1dcce51021493b4d11fb7f1be8ad982877c16a1c0",
  "slf4j-simple-1.7.36.jar": "2f39bed943d624dfa8f4102d0571283a10870b6aa36f197a8a506f147010c10f",
  "telecom-charsets-1.0.1.jar": "d74710170202db72dc4b432f14f4caf369a48436435ded8dfbf6dfd530180513",
};

/** The folder with the jars. Rejects where there is no Java, or Maven cannot fetch them. */
export async function fetchJsmpp(): Promise<string> {
  const java = await runCommand("java", ["-version"], { timeoutMs: 30_000 });
  if (java.exitCode !== 0) throw new Error("There is no Java.");
  return madeOnce(FOLDER, async (making) => {
    const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${making}`];
    const args = ["-B", "-q", "-f", POM, ...goal];
    const maven = await runCommand("mvn", args, { timeoutMs: SETUP_MS_MAX });
    if (maven.exitCode !== 0) throw new Error(`Maven: ${maven.output}`);
    for (const [name, wanted] of Object.entries(SHA256)) {
      const bytes = readFileSync(join(making, name));
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      if (sha256 !== wanted) throw new Error(`${name} is another one: ${sha256}.`);
    }
  });
}
