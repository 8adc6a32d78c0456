// Where the product listens: one table, so that every part knows the others' ports.
import type { EnvReader } from "./read-env.ts";

/** Each has `<prefix>_HOST` and `<prefix>_PORT`. */
export const listeners = {
  api: { prefix: "API", defaultPort: 8080 },
  receiptBridge: { prefix: "RECEIPT", defaultPort: 8081 },
  carrierSimulator: { prefix: "SIMULATOR", defaultPort: 8082 },
  metrics: { prefix: "METRICS", defaultPort: 9400 },
} as const;

export type ListenerName = keyof typeof listeners;
export type ListenerAddress = { host: string; port: number };

/** What `<prefix>_PORT` says where nothing is to listen. */
const OFF = "off";

/** Where a listener is to be bound: loopback unless told otherwise; port 0 is any free one. */
export function readListener(read: EnvReader, name: ListenerName): ListenerAddress {
  const { prefix, defaultPort } = listeners[name];
  const host = read.text(`${prefix}_HOST`, { default: "127.0.0.1" });
  const rule = { default: defaultPort, min: 0, max: 65_535 };
  return { host, port: read.integer(`${prefix}_PORT`, rule) };
}

/** Whether the listener stays closed: then the process does what it does without it. */
export function isListenerOff(read: EnvReader, name: ListenerName): boolean {
  return read.text(`${listeners[name].prefix}_PORT`, { default: "" }) === OFF;
}

/** The ports of every listener that is open, as they are told to their services. */
export function readOpenPorts(read: EnvReader): number[] {
  const names = ["api", "receiptBridge", "carrierSimulator", "metrics"] as const;
  const open = names.filter((name) => !isListenerOff(read, name));
  return open.map((name) => readListener(read, name).port);
}
