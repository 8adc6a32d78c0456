// What of an input is odd, counted: a fuzzer that never reaches a level would prove nothing of it.

/** A part of an input, and the level at which it is odd; `level/kind` where a level has kinds. */
export type Labelled<T> = { it: T; label: string | undefined };

export function labelled<T>(it: T, label?: string): Labelled<T> {
  return { it, label };
}

export type LevelCounts = {
  add(labels: readonly string[]): void;
  /** Of those levels, the ones that never occurred. */
  missing(levels: readonly string[]): string[];
  /** All of them in one line. */
  shown(): string;
};

export function levelCounts(): LevelCounts {
  const counts = new Map<string, number>();
  return {
    add(labels) {
      for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    },
    missing: (levels) => {
      const seen = new Set([...counts.keys()].map((label) => label.split("/")[0]));
      return levels.filter((level) => !seen.has(level));
    },
    shown: () =>
      [...counts]
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([label, count]) => `${label} ${count}`)
        .join(", "),
  };
}
