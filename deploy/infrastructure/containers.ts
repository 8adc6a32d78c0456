// Parts as containers, through the docker command. `docker run` stays in the foreground as a child
// of ours: it hands signals on to the container, brings its output, and ends with it.
import { createHash } from "node:crypto";
import { type Child, type ChildSpec, startChild } from "./child.ts";
import type { Lifetime, Part } from "./part.ts";
import type { Progress } from "./progress.ts";
import { runCommand } from "./run-command.ts";

const ENGINE_LIMIT_MS = 5_000;
const PULL_LIMIT_MS = 600_000;
const REMOVE_LIMIT_MS = 30_000;

type ContainerContext = { port: number; dataDir: string; lifetime: Lifetime };

/**
 * Why these parts cannot be containers here, as a sentence; undefined when an engine answers and
 * has every image, pulled now where it had not.
 */
export async function obstacleToContainers(
  parts: readonly Part[],
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<string | undefined> {
  const version = ["version", "--format", "{{.Server.Version}}"];
  const engine = await runCommand("docker", version, { timeoutMs: ENGINE_LIMIT_MS, signal });
  if (engine.exitCode !== 0) return "No container engine answers.";
  for (const { image } of parts.map((part) => part.asContainer(0, "temporary"))) {
    const options = { timeoutMs: ENGINE_LIMIT_MS, signal };
    if ((await runCommand("docker", ["image", "inspect", image], options)).exitCode === 0) continue;
    progress.say(`Pulling ${image}`);
    const onLine = (line: string) => progress.update(`${image}: ${line}`);
    const pull = await runCommand("docker", ["pull", image], {
      timeoutMs: PULL_LIMIT_MS,
      signal,
      onLine,
    });
    if (pull.exitCode === 0) continue;
    const reason = pull.output.split("\n").at(-1)?.trim();
    return `The container engine answers, but ${image} can neither be found nor pulled (${reason}).`;
  }
  return undefined;
}

/** Starts `part` as a container that is removed when it stops; what is kept lies in a volume. */
export async function startContainer(part: Part, context: ContainerContext): Promise<Child> {
  const folder = createHash("sha256").update(context.dataDir).digest("hex").slice(0, 8);
  const name = `fallthrough-${folder}-${part.name}`;
  await remove(name);
  const child = await startChild(runSpec(part, name, context), context.dataDir);
  return {
    ...child,
    async [Symbol.asyncDispose]() {
      await child[Symbol.asyncDispose]();
      // Nothing is left to remove unless the command was killed before its container had stopped.
      await remove(name);
    },
  };
}

function runSpec(part: Part, name: string, { port, lifetime }: ContainerContext): ChildSpec {
  const container = part.asContainer(port, lifetime);
  const env = Object.entries(container.env).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  const volume = lifetime === "kept" ? ["-v", `${name}:${container.dataFolder}`] : [];
  const user = container.asRoot ? ["--user", "root"] : [];
  const publish = ["-p", `127.0.0.1:${port}:${container.innerPort}`];
  const options = ["--rm", "--name", name, ...publish, ...env, ...volume, ...user];
  const args = ["run", ...options, container.image, ...container.args];
  return { name: part.name, command: "docker", args, marker: name };
}

async function remove(name: string): Promise<void> {
  await runCommand("docker", ["rm", "--force", name], { timeoutMs: REMOVE_LIMIT_MS });
}
