import type { BenchComparison } from './result.ts';

/**
 * The comparison as an SVG: a bar a variant, CPU seconds per million events, with least and most as a whisker;
 * undefined where no variant was measured.
 */
export function comparisonChart(comparison: BenchComparison, date: string): string | undefined {
  const bars = Object.entries(comparison.variants).flatMap(([name, figure]) =>
    figure === null ? [] : [{ name, ...figure }],
  );
  if (bars.length === 0) return undefined;
  const most = Math.max(...bars.map(({ spread }) => spread[1]));
  const x = (value: number) => left + (value / most) * (width - left - right);
  const rows = bars.map(({ name, cpuSecondsPerMillion, spread }, index) => {
    const y = top + index * step;
    const middle = y + bar / 2;
    return [
      `<text x="${left - 10}" y="${middle + 5}" text-anchor="end">${titles[name] ?? name}</text>`,
      `<rect x="${left}" y="${y}" width="${(x(cpuSecondsPerMillion) - left).toFixed(1)}" height="${bar}" fill="${name === 'relay' ? '#1f6feb' : '#8b949e'}"/>`,
      `<path d="M${x(spread[0]).toFixed(1)} ${middle}H${x(spread[1]).toFixed(1)}" stroke="#24292f" stroke-width="2"/>`,
      `<text x="${(x(spread[1]) + 8).toFixed(1)}" y="${middle + 5}">${cpuSecondsPerMillion.toFixed(1)}</text>`,
    ].join('\n');
  });
  const height = top + bars.length * step + 30;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="14" role="img" aria-label="CPU seconds per million events by variant">
<rect width="${width}" height="${height}" fill="#ffffff"/>
<text x="${left}" y="28" font-size="16" font-weight="600">CPU seconds of the collector per million events of 1.5 KB</text>
${rows.join('\n')}
<text x="${left}" y="${height - 10}" fill="#57606a" font-size="12">median of ${comparison.rounds} interleaved rounds, least to most as a line; ${date}</text>
</svg>
`;
}

const titles: Readonly<Record<string, string>> = {
  floor: 'floor (no cutting)',
  relay: 'this relay',
  relayGzip: 'this relay, gzip source',
  usualLambda: 'usual Lambda',
  usualPacked: 'usual Lambda, packed',
  vendor: "vendor's connector",
};

const width = 760;
const left = 170;
const right = 70;
const top = 48;
const step = 44;
const bar = 28;
