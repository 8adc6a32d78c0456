import type { ChildSpec } from "./child.ts";
import type { Jars } from "./jars.ts";

/** `kept` outlives the process and is there at the next start; `temporary` trades that for speed. */
export type Lifetime = "kept" | "temporary";

export type ContainerSpec = {
  image: string;
  /** The port inside the container that `port` of the host leads to. */
  innerPort: number;
  env: Readonly<Record<string, string>>;
  args: readonly string[];
  /** The folder inside the container whose content a kept part must find again. */
  dataFolder: string;
  /** A volume belongs to root when the image does not have its folder. */
  asRoot: boolean;
};

export type ProcessContext = {
  port: number;
  dataDir: string;
  lifetime: Lifetime;
  signal: AbortSignal;
  tools: { java: string; redisServer: string };
  jars: Jars;
};

/** One of the three things that Fallthrough stands on, and both ways to run it. */
export type Part = {
  name: "broker" | "registry" | "redis";
  title: string;
  defaultPort: number;
  variable: string;
  urlVariable: string;
  urlOf(port: number): string;
  answers(url: string): Promise<boolean>;
  asContainer(port: number, lifetime: Lifetime): ContainerSpec;
  /** Prepares the data folder, then says which process to start. */
  asProcess(context: ProcessContext): Promise<ChildSpec>;
};
