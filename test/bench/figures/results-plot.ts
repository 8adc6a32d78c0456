// The rates of a run as bars, each with the least and the most of its rounds: test/bench/results.svg.
import { figuresOf, type Results } from "./results.ts";
import type { Told } from "./results-page.ts";
import { type Spread, spread } from "./statistics.ts";

const WIDTH = 760;
const LABEL_WIDTH = 150;
const VALUE_WIDTH = 90;
const BAR_HEIGHT = 18;
const ROW_HEIGHT = 26;
const TITLE_HEIGHT = 34;
const COLOURS = { ours: "#1f6feb", theirs: "#8b949e" };
/** What is plotted, of each scenario the first that it has. */
const FIGURES = { perSecond: "a second", p99Ms: "ms, p99" };

type Bar = { system: string; value: Spread };
type Group = { title: string; unit: string; bars: Bar[] };

export function resultsPlot({ rounds }: Results, scenarios: readonly Told[]): string {
  const parts: string[] = [];
  let y = 0;
  for (const { title, unit, bars } of scenarios.flatMap((told) => groupOf(rounds, told))) {
    parts.push(
      `<text x="8" y="${y + 22}" font-weight="bold">${escapeText(`${title} (${unit})`)}</text>`,
    );
    y += TITLE_HEIGHT;
    const most = Math.max(...bars.map(({ value }) => value.most));
    for (const bar of bars) {
      parts.push(barAt(bar, { y, most }));
      y += ROW_HEIGHT;
    }
  }
  const size = `width="${WIDTH}" height="${y + 8}" viewBox="0 0 ${WIDTH} ${y + 8}"`;
  const style = `font-family="sans-serif" font-size="13" fill="#1f2328"`;
  const paper = `<rect width="100%" height="100%" fill="#ffffff"/>`;
  const open = `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${style}>`;
  return `${[open, paper, ...parts, "</svg>"].join("\n")}\n`;
}

function groupOf(rounds: Results["rounds"], { name, title }: Told): Group[] {
  const systems = Object.keys(rounds[0]?.[name] ?? {}).toSorted();
  for (const [figure, unit] of Object.entries(FIGURES)) {
    const bars = systems.flatMap((system) => {
      const values = figuresOf(rounds, { scenario: name, system, figure });
      return values.length === 0 ? [] : [{ system, value: spread(values) }];
    });
    if (bars.length > 0) return [{ title, unit, bars }];
  }
  return [];
}

function barAt({ system, value }: Bar, { y, most }: { y: number; most: number }): string {
  const room = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
  const xOf = (each: number) => Math.round(LABEL_WIDTH + (most === 0 ? 0 : (each / most) * room));
  const colour = system === "ours" ? COLOURS.ours : COLOURS.theirs;
  const middle = y + BAR_HEIGHT / 2;
  const [left, right] = [xOf(value.least), xOf(value.most)];
  return [
    `<text x="${LABEL_WIDTH - 8}" y="${middle + 4}" text-anchor="end">${escapeText(system)}</text>`,
    `<rect x="${LABEL_WIDTH}" y="${y}" width="${xOf(value.middle) - LABEL_WIDTH}" height="${BAR_HEIGHT}" fill="${colour}"/>`,
    `<path d="M${left} ${middle}H${right}" stroke="#1f2328" stroke-width="2"/>`,
    `<text x="${right + 8}" y="${middle + 4}">${value.middle.toLocaleString("en")}</text>`,
  ].join("");
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
