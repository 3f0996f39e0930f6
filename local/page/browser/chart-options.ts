import type { EChartsCoreOption } from 'echarts/core';
import type { ChartWidget, LineData, Threshold } from '../frame.ts';
import { fullNumber, shortNumber, timeText } from './number-text.ts';
import type { Palette } from './theme.ts';
import { valueAxis } from './value-axis.ts';

/** The time that is shown. */
export interface Shown {
  readonly from: number;
  readonly to: number;
}

/** ECharts' options for one chart: the whole of it each time, so that nothing of an earlier one stays. */
export function chartOptions(
  chart: ChartWidget,
  lines: readonly LineData[],
  shown: Shown,
  colors: Palette,
): EChartsCoreOption {
  const colored = lines.map((line, index) => ({
    ...line,
    color: line.color ?? colors.series[index % colors.series.length]!,
  }));
  const common = {
    animation: false,
    useUTC: true,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colors.ink },
    color: colored.map(({ color }) => color),
  };
  return { ...common, ...timeSeries(colored, chart, { shown, colors }) };
}

type ColoredLine = LineData & { readonly color: string };

function timeSeries(
  lines: readonly ColoredLine[],
  chart: ChartWidget,
  { shown, colors }: { readonly shown: Shown; readonly colors: Palette },
): object {
  const withDay = shown.to - shown.from > 86_400_000;
  const right =
    lines.some(({ axis }) => axis === 'right') || chart.thresholds.some(({ axis }) => axis === 'right');
  const sides = right ? (['left', 'right'] as const) : (['left'] as const);
  return {
    ...frameOf(chart, colors),
    tooltip: {
      trigger: 'axis',
      confine: true,
      ...tooltipLook(colors),
      valueFormatter: (value: unknown) => (typeof value === 'number' ? fullNumber(value) : '–'),
    },
    xAxis: {
      type: 'time',
      min: shown.from,
      max: shown.to,
      axisLine: { lineStyle: { color: colors.muted } },
      axisLabel: {
        color: colors.muted,
        hideOverlap: true,
        formatter: (time: number) => timeText(time, { withDay }),
      },
      splitLine: { show: false },
    },
    yAxis: sides.map((side) => valueAxis(lines, { side, chart, colors })),
    series: lines.map((line, index) => ({
      name: line.label,
      type: 'line',
      yAxisIndex: line.axis === 'right' ? 1 : 0,
      data: line.values.map((value, at) => [line.start + at * line.periodMs, value]),
      color: line.color,
      lineStyle: { width: 2 },
      symbol: 'circle',
      // A datum between two gaps has no line to be seen by.
      symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) =>
        isAlone(line.values, dataIndex) ? 6 : 0,
      showSymbol: true,
      showAllSymbol: true,
      ...(chart.stacked && { stack: line.axis, areaStyle: { opacity: 0.35 } }),
      ...(index === 0 && marks(chart, colors)),
    })),
  };
}

function isAlone(values: readonly (number | null)[], index: number): boolean {
  return (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;
}

/** Lines across belong to a series in ECharts; the first one carries them all. */
function marks({ thresholds, moments }: ChartWidget, colors: Palette): object {
  const label = (text: string) => ({
    formatter: text,
    position: 'insideStartTop',
    color: colors.ink,
    textBorderColor: colors.card,
    textBorderWidth: 2,
    fontSize: 11,
  });
  return {
    markLine: {
      silent: true,
      symbol: 'none',
      animation: false,
      data: [
        ...byValue(thresholds).map(({ value, label: text, color }) => ({
          yAxis: value,
          label: label(text || shortNumber(value)),
          lineStyle: { color: color ?? colors.alarm, type: 'dashed' },
        })),
        ...moments.map(({ time, label: text, color }) => ({
          xAxis: time,
          label: label(text),
          lineStyle: { color: color ?? colors.muted, type: 'dashed' },
        })),
      ],
    },
    markArea: {
      silent: true,
      data: thresholds.flatMap((threshold) => (threshold.fill ? [areaOf(threshold, colors)] : [])),
    },
  };
}

/** Lines at one height are one line, with both names. */
function byValue(thresholds: readonly Threshold[]): readonly Threshold[] {
  const lines = new Map<number, Threshold>();
  for (const threshold of thresholds) {
    const before = lines.get(threshold.value);
    const label = [before?.label, threshold.label].filter((text) => text).join(', ');
    lines.set(threshold.value, { ...threshold, ...before, label });
  }
  return [...lines.values()];
}

function areaOf({ value, upTo, fill, color }: Threshold, colors: Palette): readonly object[] {
  const style = { itemStyle: { color: color ?? colors.alarm, opacity: 0.12 } };
  if (fill === 'between') return [{ yAxis: value, ...style }, { yAxis: upTo }];
  return fill === 'above' ? [{ yAxis: value, ...style }, {}] : [{ ...style }, { yAxis: value }];
}

function frameOf({ legend, axes, thresholds }: ChartWidget, colors: Palette): object {
  const rightLabel = axes.right.label !== undefined || thresholds.some(({ axis }) => axis === 'right');
  return {
    grid: {
      top: 12,
      bottom: legend === 'bottom' ? 52 : 24,
      left: axes.left.label === undefined ? 46 : 62,
      right: legend === 'right' ? 170 : rightLabel ? 62 : 20,
    },
    legend: {
      show: legend !== 'hidden',
      type: 'scroll',
      ...(legend === 'right'
        ? { orient: 'vertical', right: 0, top: 8, width: 150 }
        : { bottom: 0, left: 0, right: 0 }),
      icon: 'roundRect',
      itemWidth: 10,
      itemHeight: 10,
      textStyle: { color: colors.ink, ...(legend === 'right' && { width: 130, overflow: 'truncate' }) },
      pageTextStyle: { color: colors.muted },
      pageIconColor: colors.muted,
      pageIconInactiveColor: colors.grid,
    },
  };
}

function tooltipLook(colors: Palette): object {
  return {
    backgroundColor: colors.card,
    borderColor: colors.grid,
    textStyle: { color: colors.ink, fontSize: 12 },
  };
}

export function lastOf({ values }: Pick<LineData, 'values'>): number | undefined {
  return values.findLast((value) => value !== null) ?? undefined;
}
