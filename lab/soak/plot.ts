import type { Point, SoakResult } from './soak-part.ts';

/** Draws memory and lag of each part over time as an SVG, with the highest value of every slice of time. */
export function plotSoak(results: readonly SoakResult[]): string {
  const panels = results.flatMap(({ name, memory, lag }) => [
    panel(`${name}: memory of a function's process, MB`, memory, '#1f6feb'),
    panel(`${name}: from an event to its delivered object, minutes`, inMinutes(lag), '#bc4c00'),
  ]);
  const height = panels.length * panelHeight;
  const placed = panels.map(
    (inner, index) => `<g transform="translate(0 ${index * panelHeight})">${inner}</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Memory and lag">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${placed.join('\n')}
</svg>
`;
}

const width = 800;
const panelHeight = 220;
const [left, right, top, bottom] = [60, 20, 36, 40];
const floor = panelHeight - bottom;
const slices = 360;

function inMinutes(points: readonly Point[]): readonly Point[] {
  return points.map(({ at, value }) => ({ at, value: value / 60 }));
}

function panel(title: string, points: readonly Point[], colour: string): string {
  const shown = sliced(points);
  const last = shown.at(-1)?.at ?? 1;
  const values = axis(Math.max(1, ...shown.map(({ value }) => value)));
  // A part of a few minutes has no hours to speak of.
  const perHour = last > 3 ? 1 : 60;
  const times = axis(last * perHour);
  const x = (time: number) => (left + (time / times.end) * (width - left - right)).toFixed(1);
  const y = (value: number) => (floor - (value / values.end) * (floor - top)).toFixed(1);
  const line = shown.map(({ at, value }) => `${x(at * perHour)},${y(value)}`);
  const rows = values.steps.map(
    (step) =>
      `<path d="M${left} ${y(step)}H${width - right}" stroke="#d0d7de"/><text x="${left - 6}" y="${y(step)}" dy="4" text-anchor="end">${step}</text>`,
  );
  const columns = times.steps.map(
    (step) =>
      `<text x="${x(step)}" y="${floor + 18}" text-anchor="${step === 0 ? 'start' : 'end'}">${step}${step === 0 ? '' : perHour === 1 ? ' h' : ' min'}</text>`,
  );
  return `<text x="${left}" y="22" font-size="14" font-weight="600">${title}</text>
${[...rows, ...columns].join('\n')}
<polyline points="${line.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5" stroke-linejoin="round"/>`;
}

/** Round steps from 0 to at least `most`, four to eight of them. */
function axis(most: number): { readonly steps: readonly number[]; readonly end: number } {
  const power = 10 ** Math.floor(Math.log10(most / 4));
  const step = [1, 2, 5, 10].map((times) => times * power).find((each) => most / each <= 8)!;
  const steps = Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) =>
    Number((index * step).toPrecision(6)),
  );
  return { steps, end: steps.at(-1)! };
}

function sliced(points: readonly Point[]): readonly Point[] {
  const last = points.reduce((latest, { at }) => Math.max(latest, at), 0);
  const highest = new Map<number, Point>();
  for (const point of points) {
    const slice = last === 0 ? 0 : Math.floor((point.at / last) * slices);
    if (point.value >= (highest.get(slice)?.value ?? 0)) highest.set(slice, point);
  }
  return [...highest].sort(([a], [b]) => a - b).map(([, point]) => point);
}
