/** ISO 8601 date and time; without a zone it is UTC. 8x8's clients send up to nine decimals. */
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/i;

/** Epoch ms of an instant in ISO 8601; NaN for what is none. */
export function parseInstant(text: string): number {
  const match = DATE_TIME.exec(text);
  if (!match) return Number.NaN;
  return Date.parse(match[3] ? text : `${text}Z`);
}
