#!/usr/bin/env node
// `npx fallthrough` in a clone: the terminal tool by way of the bootstrap, which moves to the
// project's folder. The files that a command names are meant from the caller's folder, so that is
// handed on. npm runs scripts in the project's folder as well, and notes where it was called.
import process from "node:process";

const isScript = process.env.npm_lifecycle_event === "fallthrough";
process.env.FALLTHROUGH_FOLDER = (isScript && process.env.INIT_CWD) || process.cwd();
process.argv.splice(1, 1, "bootstrap", "deploy/terminal/main.ts");
await import("../bootstrap.mjs");
