import {
  type KafkaConnection,
  type RedisAccess,
  type RegistryAccess,
  readKafka,
  readRedis,
  readRegistry,
} from "#libs/config/connections.ts";
import { type EnvReader, readEnv } from "#libs/config/read-env.ts";

type Env = Readonly<Record<string, string | undefined>>;
export type InfrastructureConfig = ReturnType<typeof readInfrastructureConfig>;

/**
 * What the environment says about infrastructure. A part with a URL is used as it is and never
 * started; `FALLTHROUGH_INFRA` forces how the others are started. Throws ConfigError.
 */
export function readInfrastructureConfig(env: Env) {
  return readEnv(env, (read) => ({
    urls: {
      broker: read.text("KAFKA_BROKERS", { default: "" }),
      registry: read.url("SCHEMA_REGISTRY_URL", { default: "" }),
      redis: read.url("REDIS_URL", { default: "" }),
    },
    isSecured: {
      broker: isSet(read, "KAFKA_BROKERS") && isLockedBroker(readKafka(read)),
      registry: isSet(read, "SCHEMA_REGISTRY_URL") && isLocked(readRegistry(read).registryAccess),
      redis: isSet(read, "REDIS_URL") && isLocked(readRedis(read).redisAccess),
    },
    ports: {
      broker: port(read, "KAFKA_PORT"),
      registry: port(read, "REGISTRY_PORT"),
      redis: port(read, "REDIS_PORT"),
    },
    choice: read.oneOf("FALLTHROUGH_INFRA", ["any", "containers", "processes"], "any"),
    mavenBaseUrl: read.url("MAVEN_BASE_URL", { default: "https://repo1.maven.org/maven2" }),
    javaHome: read.text("JAVA_HOME", { default: "" }),
  }));
}

function isSet(read: EnvReader, name: string): boolean {
  return read.text(name, { default: "" }) !== "";
}

function isLockedBroker({ tls, sasl }: KafkaConnection): boolean {
  return tls !== undefined || sasl !== undefined;
}

/** Whether a server wants TLS or a login. */
function isLocked(access: RedisAccess | RegistryAccess | undefined): boolean {
  return access?.tls !== undefined || access?.login !== undefined;
}

/** 0 = not asked for. */
function port(read: EnvReader, name: string): number {
  return read.integer(name, { default: 0, min: 0, max: 65_535 });
}
