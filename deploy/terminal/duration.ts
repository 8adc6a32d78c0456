/** A duration as a person says it, with its two greatest units: `1.25 s`, `5 min 2 s`, `72 h`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${Number((ms / 1000).toFixed(2))} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return joined([minutes, "min"], [seconds % 60, "s"]);
  return joined([Math.floor(minutes / 60), "h"], [minutes % 60, "min"]);
}

function joined(...parts: readonly [number, string][]): string {
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : [])).join(" ");
}
