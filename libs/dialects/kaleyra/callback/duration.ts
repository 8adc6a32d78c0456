const [HOUR, MINUTE] = [3_600, 60];

/** Seconds as an ISO 8601 duration such as Java writes: `PT5S`, `PT1M30S`, `PT15M`. */
export function isoDuration(seconds: number): string {
  const [hours, rest] = [Math.floor(seconds / HOUR), seconds % HOUR];
  const [minutes, left] = [Math.floor(rest / MINUTE), Number((rest % MINUTE).toFixed(3))];
  const parts = [
    ...(hours > 0 ? [`${hours}H`] : []),
    ...(minutes > 0 ? [`${minutes}M`] : []),
    ...(left > 0 ? [`${left}S`] : []),
  ];
  return `PT${parts.join("") || "0S"}`;
}
