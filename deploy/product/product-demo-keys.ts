// Whether the product on this machine takes the public keys of the demonstration.
import type { InfrastructureConfig } from "#deploy/infrastructure/config.ts";
import { isLoopback, isProduction } from "#libs/config/demo-keys.ts";
import { readEnv } from "#libs/config/read-env.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * `DEMO_KEYS` for the services: what somebody says, else on where everything belongs to this process
 * and only this machine can reach it. Kafka, a registry or Redis that was named may hold real
 * messages: there the public keys have to be asked for. Throws ConfigError.
 */
export function chooseDemoKeys({ urls }: InfrastructureConfig, env: Env): "on" | "off" {
  const isOurs = Object.values(urls).every((url) => url === "");
  return readEnv(env, (read) => {
    const isPrivate = isLoopback(read.text("API_HOST", { default: "127.0.0.1" }));
    const isDemo = isOurs && isPrivate && !isProduction(read);
    return read.oneOf("DEMO_KEYS", ["on", "off"], isDemo ? "on" : "off");
  });
}
