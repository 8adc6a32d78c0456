/** Whether a host is this machine and no other: as a listener is told it, or as a URL says it. */
export function isLoopback(host: string): boolean {
  return ["127.0.0.1", "::1", "[::1]", "localhost"].includes(host.toLowerCase());
}
