import type { Point, SoakResult } from './soak-part.ts';

/** Memory and lag of each part over its hours, as an SVG: of every slice of time the highest value. */
export function plotSoak(results: readonly SoakResult[]): string {
  const panels = results.flatMap((result) => [
    panel(`${result.name}: memory of a collector's process, MB`, result.memory, '#1f6feb'),
    panel(`${result.name}: from an event to its delivered object, seconds`, result.lag, '#bc4c00'),
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
const slices = 360;

function panel(title: string, points: readonly Point[], colour: string): string {
  const highest = Math.max(1, ...sliced(points).map(({ value }) => value));
  const last = Math.max(0.1, ...points.map(({ at }) => at));
  const x = (at: number) => (left + (at / last) * (width - left - right)).toFixed(1);
  const y = (value: number) =>
    (panelHeight - bottom - (value / highest) * (panelHeight - top - bottom)).toFixed(1);
  const line = sliced(points).map(({ at, value }) => `${x(at)},${y(value)}`);
  const floor = panelHeight - bottom;
  return `<text x="${left}" y="22" font-size="14" font-weight="600">${title}</text>
<path d="M${left} ${top}V${floor}H${width - right}" fill="none" stroke="#8b949e"/>
<text x="${left - 6}" y="${top + 10}" text-anchor="end">${Math.round(highest)}</text>
<text x="${left - 6}" y="${floor}" text-anchor="end">0</text>
<text x="${width - right}" y="${floor + 16}" text-anchor="end">${last.toFixed(1)} h</text>
<polyline points="${line.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
}

function sliced(points: readonly Point[]): readonly Point[] {
  const last = points.reduce((latest, { at }) => Math.max(latest, at), 0.1);
  const highest = new Map<number, Point>();
  for (const point of points) {
    const slice = Math.floor((point.at / last) * slices);
    if (point.value >= (highest.get(slice)?.value ?? 0)) highest.set(slice, point);
  }
  return [...highest].sort(([a], [b]) => a - b).map(([, point]) => point);
}
