// Turns the environment into a typed configuration. All faults are gathered and told at once, so
// that an operator mends them in one go.
import { secretReader } from "./secret-reader.ts";
import { shownUrl } from "./shown-url.ts";

/** The environment is wrong; `faults` has one sentence for each variable that must be mended. */
export class ConfigError extends Error {
  override name = "ConfigError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The environment is not usable:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}

type Env = Readonly<Record<string, string | undefined>>;
type NumberRule = { default?: number; min: number; max: number };

export type EnvReader = ReturnType<typeof envReader> & { warn: (sentence: string) => void };

/**
 * Reads a configuration with `read`. Throws one `ConfigError` that lists every missing or unusable
 * variable. Values are trimmed; an empty variable counts as unset. What works but should not stay so
 * is told to `onWarning`.
 */
export function readEnv<Config>(
  env: Env,
  read: (reader: EnvReader) => Config,
  onWarning: (sentence: string) => void = () => undefined,
): Config {
  const faults: string[] = [];
  const warnings = new Set<string>();
  const warn = (sentence: string) => void warnings.add(sentence);
  const config = read({ ...envReader(env, faults), warn });
  if (faults.length > 0) throw new ConfigError([...new Set(faults)]);
  for (const sentence of warnings) onWarning(sentence);
  return config;
}

function envReader(env: Env, faults: string[]) {
  const value = (name: string) => env[name]?.trim() || undefined;
  // Notes what is wrong. The placeholder never reaches a caller: `readEnv` throws in the end.
  const fault = <T>(sentence: string, placeholder: T): T => {
    faults.push(sentence);
    return placeholder;
  };

  function text(name: string, rule: { default?: string } = {}): string {
    return value(name) ?? rule.default ?? fault(`${name} is missing.`, "");
  }

  function list(name: string): string[] {
    const items = text(name)
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== "");
    if (items.length > 0 || value(name) === undefined) return items;
    return fault(`${name} has nothing between its commas.`, items);
  }

  function number(name: string, rule: NumberRule): number {
    const raw = value(name);
    if (raw === undefined) return rule.default ?? fault(`${name} is missing.`, 0);
    const parsed = Number(raw);
    if (parsed >= rule.min && parsed <= rule.max) return parsed;
    return fault(`${name} must be a number from ${rule.min} to ${rule.max}, not "${raw}".`, 0);
  }

  function integer(name: string, rule: NumberRule): number {
    const parsed = number(name, rule);
    if (Number.isInteger(parsed)) return parsed;
    return fault(`${name} must be a whole number, not "${value(name)}".`, 0);
  }

  function oneOf<const T extends string>(
    name: string,
    allowed: readonly [T, ...T[]],
    fallback?: T,
  ): T {
    const raw = value(name) ?? fallback;
    const found = allowed.find((word) => word === raw);
    return (
      found ??
      fault(`${name} must be one of ${allowed.join(", ")}, not "${raw ?? ""}".`, allowed[0])
    );
  }

  function url(name: string, rule: { default?: string } = {}): string {
    const raw = text(name, rule);
    if (raw === "" || URL.canParse(raw)) return raw;
    return fault(`${name} must be a URL, not "${shownUrl(raw)}".`, "");
  }

  return { text, list, number, integer, oneOf, url, fault, ...secretReader({ value, fault }) };
}
