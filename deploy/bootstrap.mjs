// The way in for every npm script, on whatever Node there is: installs what the lock file says, once,
// then runs the given TypeScript file on Node 24, which the lock file brings along.
//
//   node deploy/bootstrap.mjs deploy/scripts/start.ts [arguments]
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

const NODE_MAJOR = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [script = "", ...args] = process.argv.slice(2);

process.chdir(root);
if (!isInstalled()) await install();
await runScript();

/** Whether node_modules holds what the lock file names; npm notes there what it installed. */
function isInstalled() {
  const noted = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(noted)) return false;
  const installed = readPackages(noted);
  return Object.entries(readPackages(join(root, "package-lock.json"))).every(
    ([path, wanted]) =>
      path === "" || wanted.optional || installed[path]?.integrity === wanted.integrity,
  );
}

function readPackages(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages;
}

async function install() {
  const startedAt = Date.now();
  // Not to standard output: that is the script's, and may go to a file.
  console.error(
    "Installing the packages of package-lock.json (once; about a minute on a slow line) ...",
  );
  const flags = [
    "ci",
    "--ignore-scripts",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  // npm names itself to the scripts that it runs; else the one in PATH serves.
  const npm = process.env.npm_execpath;
  const [command, before] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  const code = await run(command, [...before, ...flags], ["inherit", 2, 2]);
  if (code !== 0) {
    console.error(`npm ci failed (exit code ${code}). Mend what it says above, then start again.`);
    process.exit(code);
  }
  console.error(`Installed in ${((Date.now() - startedAt) / 1000).toFixed(0)} s.`);
}

async function runScript() {
  if (Number(process.versions.node.split(".")[0]) >= NODE_MAJOR) {
    process.argv = [process.execPath, resolve(root, script), ...args];
    await import(pathToFileURL(resolve(root, script)).href);
    return;
  }
  const node = join(root, "node_modules", ".bin", "node");
  if (!existsSync(node)) {
    console.error(
      `Fallthrough needs Node ${NODE_MAJOR}; this is ${process.version}. Install it from https://nodejs.org.`,
    );
    process.exit(1);
  }
  process.exit(await run(node, [script, ...args]));
}

/** Runs a command to its end and gives its exit code; signals that we get are handed on to it. */
function run(command, commandArgs, stdio = "inherit") {
  return new Promise((done) => {
    const child = spawn(command, commandArgs, { cwd: root, stdio });
    // In a terminal Ctrl-C reaches the child as well; it stops once all the same, and we wait.
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => child.kill(signal));
    }
    child.once("error", (error) => {
      console.error(`${command} cannot be run: ${error.message}`);
      done(1);
    });
    child.once("exit", (code) => done(code ?? 1));
  });
}
