import type { AxisSide, ChartWidget, LineData } from '../frame.ts';
import { shortNumber } from './number-text.ts';
import type { Palette } from './theme.ts';

/** An axis begins at zero and reaches to the highest value or threshold, in four steps of a round size. */
export function valueAxis(
  lines: readonly LineData[],
  { side, chart, colors }: { readonly side: AxisSide; readonly chart: ChartWidget; readonly colors: Palette },
): object {
  const { label, min, max } = chart.axes[side];
  const marked = chart.thresholds.filter(({ axis }) => axis === side);
  const values = valuesOn(
    lines.filter(({ axis }) => axis === side),
    chart.stacked,
  );
  const reached = [...values, ...marked.flatMap(({ value, upTo }) => [value, upTo ?? value])];
  const steps = roundSteps(Math.max(0, ...reached));
  return {
    type: 'value',
    position: side,
    name: label ?? '',
    nameLocation: 'middle',
    nameGap: 44,
    nameTextStyle: { color: colors.muted, fontSize: 11 },
    min: min ?? Math.min(0, ...reached),
    ...(max === undefined ? steps : { max, interval: max / 4 }),
    axisLabel: { color: colors.muted, formatter: shortNumber },
    splitLine: { show: side === 'left', lineStyle: { color: colors.grid } },
  };
}

/** What a line reaches; of lines that are stacked, what they reach together. */
function valuesOn(lines: readonly LineData[], stacked: boolean): readonly number[] {
  if (!stacked) return lines.flatMap(({ values }) => values.filter((value) => value !== null));
  const sums = new Map<number, number>();
  for (const { start, periodMs, values } of lines) {
    for (const [index, value] of values.entries()) {
      const time = start + index * periodMs;
      sums.set(time, (sums.get(time) ?? 0) + (value ?? 0));
    }
  }
  return [...sums.values()];
}

function roundSteps(highest: number): { readonly max: number; readonly interval: number } {
  if (highest <= 0) return { max: 1, interval: 0.25 };
  const least = (highest * 1.02) / 4;
  const power = 10 ** Math.floor(Math.log10(least));
  const interval = power * [1, 2, 2.5, 5, 10].find((step) => step * power >= least)!;
  return { max: interval * 4, interval };
}
