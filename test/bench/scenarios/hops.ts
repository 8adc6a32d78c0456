/** The way of a timer that fired, hop by hop, in their order. */
export const HOPS = ["claim", "tick", "decide"] as const;
export type Hop = (typeof HOPS)[number];
