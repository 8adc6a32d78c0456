/** CPU time of this thread so far, ms: between two calls, what our own work took, whatever else the machine does. */
export function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}
