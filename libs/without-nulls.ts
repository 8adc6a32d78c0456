/** JSON without null members: generated clients are strict about them. */
export function withoutNulls(payload: unknown): string {
  return JSON.stringify(payload, (_, value: unknown) => value ?? undefined);
}
