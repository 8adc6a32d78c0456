/** The items in slices, in order, each of `countMax` but the last, which may have less; none of none. */
export function cutItems<Item>(items: readonly Item[], countMax: number): Item[][] {
  const count = Math.ceil(items.length / countMax);
  return Array.from({ length: count }, (_, index) =>
    items.slice(index * countMax, (index + 1) * countMax),
  );
}
