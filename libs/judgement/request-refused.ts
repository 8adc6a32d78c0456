import type { Fault } from "./fault.ts";

/** A request that was found good by itself, and does not fit into what its account may do now. */
export class RequestRefused extends Error {
  override name = "RequestRefused";
  /** There is at least one. */
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map(({ path, words }) => `${path} ${words}`.trim()).join("; "));
    this.faults = faults;
  }
}
