import { LineChart } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  LegendScrollComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components';
import { type ECharts, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { ChartWidget, LineData } from '../frame.ts';
import { chartOptions, lastOf, type Shown } from './chart-options.ts';
import { fullNumber } from './number-text.ts';
import { palette } from './theme.ts';

use([
  ...[LineChart, SVGRenderer],
  ...[
    GridComponent,
    LegendComponent,
    LegendScrollComponent,
    TooltipComponent,
    MarkLineComponent,
    MarkAreaComponent,
  ],
]);

/**
 * A drawn chart. While it cannot be seen it draws itself seldom, but often enough for a picture of the whole page; before
 * the page is printed it draws itself in any case.
 */
export interface Chart {
  draw(lines: readonly LineData[], shown: Shown): void;
}

export function createChart(place: HTMLElement, title: string, layout: ChartWidget): Chart {
  let chart: ECharts | undefined;
  let latest: { readonly lines: readonly LineData[]; readonly shown: Shown } | undefined;
  let visible = false;
  let drawnAt = Number.NEGATIVE_INFINITY;
  const redraw = () => {
    if (latest === undefined || place.clientHeight === 0) return;
    drawnAt = performance.now();
    chart ??= init(place, undefined, { renderer: 'svg' });
    chart.resize();
    chart.setOption(chartOptions(layout, latest.lines, latest.shown, palette()), { notMerge: true });
  };
  place.setAttribute('role', 'img');
  new IntersectionObserver((entries) => {
    visible = entries.at(-1)?.isIntersecting ?? false;
    if (visible) redraw();
  }).observe(place);
  new ResizeObserver(redraw).observe(place);
  document.addEventListener('themechange', redraw);
  // A ResizeObserver is told of the print's own widths only after the picture is taken.
  addEventListener('beforeprint', redraw);
  matchMedia('print').addEventListener('change', redraw);
  return {
    draw: (lines, shown) => {
      latest = { lines, shown };
      place.setAttribute('aria-label', describe(title, lines));
      if (visible || performance.now() - drawnAt > unseenEveryMs) redraw();
    },
  };
}

const unseenEveryMs = 10_000;

/** What a screen reader says of a chart; the table has the rest. */
function describe(title: string, lines: readonly LineData[]): string {
  const parts = lines.map((line) => {
    const present = line.values.filter((value) => value !== null);
    if (present.length === 0) return `${line.label}: no data`;
    const [least, most] = [Math.min(...present), Math.max(...present)].map(fullNumber);
    return `${line.label}: ${fullNumber(lastOf(line)!)} last, between ${least} and ${most}`;
  });
  return `${title}. ${parts.join('; ')}. The table shows all values.`;
}
