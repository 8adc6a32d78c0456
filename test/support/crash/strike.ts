import type { Crowd } from "./crowd.ts";
import type { Draw } from "./draws.ts";

export type Strike = {
  /** What is struck and where, as the report says it. */
  readonly name: string;
  /** What it leaves behind is all that a round can judge: nothing else is struck in it. */
  readonly isAlone?: true;
  /** `draw` chooses whom of two, and when. */
  strike(crowd: Crowd, draw: Draw): Promise<void>;
};
