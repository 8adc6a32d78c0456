// Where Kafka, the schema registry and Redis are, and how we prove to them who we are: read from the
// environment here and nowhere else. deploy/secured.md lists the variables.
import { isLoopback } from "./demo-keys.ts";
import type { EnvReader } from "./read-env.ts";
import { readTls, type Tls } from "./tls.ts";

/** Who we are to a server that asks for a name and a password. */
export type Login = { username: string; password: string };

const MECHANISMS = ["plain", "scram-sha-256", "scram-sha-512"] as const;
type Mechanism = (typeof MECHANISMS)[number];
export type Sasl = { [M in Mechanism]: Login & { mechanism: M } }[Mechanism];

/**
 * Without `tls`, in clear text; without `sasl`, as nobody or by the certificate of `tls`. `library` is the client that
 * sends, and reads for groups: kafkajs where none is named, which does all else in either case.
 */
export type KafkaConnection = {
  brokers: string[];
  tls?: Tls;
  sasl?: Sasl;
  library?: "platformatic";
};
export type RegistryConnection = { registryUrl: string; registryAccess?: RegistryAccess };
/** `login`: a name and a password, or a bearer token. */
export type RegistryAccess = { tls?: Tls; login?: Login | { token: string } };
/** The URL has no name and no password in it. */
export type RedisConnection = { redisUrl: string; redisAccess?: RedisAccess };
export type RedisAccess = { tls?: Tls; login?: Login };

/**
 * `KAFKA_BROKERS`; `KAFKA_CLIENT`; `KAFKA_TLS`, which `KAFKA_TLS_*` needs; `KAFKA_SASL_MECHANISM` with
 * `KAFKA_USERNAME` and `KAFKA_PASSWORD`.
 */
export function readKafka(read: EnvReader): KafkaConnection {
  const brokers = read.list("KAFKA_BROKERS");
  if (!brokers.every(isBroker)) {
    read.fault("KAFKA_BROKERS must be host:port, several separated by commas.", undefined);
  }
  const isOn = read.oneOf("KAFKA_TLS", ["on", "off"], "off") === "on";
  const tls = readTls(read, { prefix: "KAFKA", isOn, how: "KAFKA_TLS must be on" });
  const sasl = readSasl(read);
  const library = read.oneOf("KAFKA_CLIENT", ["kafkajs", "platformatic"], "kafkajs");
  const hosts = brokers.map((broker) => broker.replace(/:\d+$/, ""));
  if (sasl && !isOn) warnOfClearText(read, "KAFKA_PASSWORD", hosts);
  return {
    brokers,
    ...(tls && { tls }),
    ...(sasl && { sasl }),
    ...(library === "platformatic" && { library }),
  };
}

function isBroker(text: string): boolean {
  const port = Number(BROKER.exec(text)?.[2]);
  return port >= 1 && port <= 65_535;
}

const BROKER = /^(\[[\da-f:]+\]|[^\s:/@]+):(\d{1,5})$/i;

function readSasl(read: EnvReader): Sasl | undefined {
  const word = read.text("KAFKA_SASL_MECHANISM", { default: "" });
  const login = readLogin(read, "KAFKA");
  if (word === "") {
    if (login) read.fault("KAFKA_USERNAME needs KAFKA_SASL_MECHANISM.", undefined);
    return undefined;
  }
  const mechanism = MECHANISMS.find((known) => known === word.toLowerCase());
  if (!mechanism) {
    const known = MECHANISMS.join(", ");
    return read.fault(`KAFKA_SASL_MECHANISM must be one of ${known}.`, undefined);
  }
  if (!login) {
    return read.fault("KAFKA_SASL_MECHANISM needs KAFKA_USERNAME and KAFKA_PASSWORD.", undefined);
  }
  return { mechanism, ...login };
}

/**
 * `SCHEMA_REGISTRY_URL`; `SCHEMA_REGISTRY_USERNAME` and `_PASSWORD`, or `SCHEMA_REGISTRY_TOKEN`;
 * `SCHEMA_REGISTRY_TLS_*` for https.
 */
export function readRegistry(read: EnvReader): RegistryConnection {
  const name = "SCHEMA_REGISTRY";
  const { url, login } = readUrl(read, name, { clear: "http:", encrypted: "https:" });
  const how = `${name}_URL must begin with https`;
  const tls = readTls(read, { prefix: name, isOn: isEncrypted(url), how });
  const token = read.password(`${name}_TOKEN`);
  if (token && login) {
    read.fault(`${name}_TOKEN and a password are both set; keep one.`, undefined);
  }
  const proof = token ? { token } : login;
  if (proof && !isEncrypted(url)) warnOfClearText(read, `${name}_*`, [hostOf(url)]);
  const registryAccess = { ...(tls && { tls }), ...(proof && { login: proof }) };
  return { registryUrl: url, registryAccess };
}

/** `REDIS_URL`; `REDIS_USERNAME` and `REDIS_PASSWORD`; `REDIS_TLS_*` for rediss. */
export function readRedis(read: EnvReader): RedisConnection {
  const { url, login } = readUrl(read, "REDIS", { clear: "redis:", encrypted: "rediss:" });
  const how = "REDIS_URL must begin with rediss";
  const tls = readTls(read, { prefix: "REDIS", isOn: isEncrypted(url), how });
  if (login && !isEncrypted(url)) warnOfClearText(read, "REDIS_PASSWORD", [hostOf(url)]);
  return { redisUrl: url, redisAccess: { ...(tls && { tls }), ...(login && { login }) } };
}

type Schemes = { clear: string; encrypted: string };

/** `<name>_URL`, and the login that stands in it or beside it. The URL comes back without it. */
function readUrl(read: EnvReader, name: string, { clear, encrypted }: Schemes) {
  const url = URL.parse(read.url(`${name}_URL`));
  const beside = readLogin(read, name);
  if (!url) return { url: "" };
  if (url.protocol !== clear && url.protocol !== encrypted) {
    read.fault(`${name}_URL must begin with ${clear}// or ${encrypted}//.`, undefined);
  }
  if (url.hostname === "") read.fault(`${name}_URL names no host.`, undefined);
  const inside = { username: decoded(url.username), password: decoded(url.password) };
  const isInside = inside.password !== "";
  if (inside.username !== "" && !isInside) {
    const instead = `say the two as ${name}_USERNAME and ${name}_PASSWORD`;
    read.fault(`${name}_URL names a user without a password; ${instead}.`, undefined);
  }
  if (isInside && beside)
    read.fault(`${name}_URL and ${name}_PASSWORD both have a password.`, undefined);
  url.username = "";
  url.password = "";
  const login = isInside ? inside : beside;
  // URL adds a slash where there is no path, and callers add theirs.
  return { url: url.href.replace(/\/$/, ""), ...(login && { login }) };
}

/** As it stands where it is no percent-encoding: servers say what they think of it. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Redis has a user without a name, `default`; nobody else has. */
function readLogin(read: EnvReader, name: string): Login | undefined {
  const username = read.text(`${name}_USERNAME`, { default: "" });
  const password = read.password(`${name}_PASSWORD`);
  if (username && !password) read.fault(`${name}_USERNAME needs ${name}_PASSWORD.`, undefined);
  if (password && !username && name !== "REDIS") {
    read.fault(`${name}_PASSWORD needs ${name}_USERNAME.`, undefined);
  }
  return password ? { username, password } : undefined;
}

function warnOfClearText(read: EnvReader, what: string, hosts: readonly string[]): void {
  if (hosts.every((host) => isLoopback(host))) return;
  read.warn(
    `${what} goes to ${hosts.join(", ")} in clear text: whoever listens on the way has it.`,
  );
}

function isEncrypted(url: string): boolean {
  return url.startsWith("https:") || url.startsWith("rediss:");
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname ?? "";
}
