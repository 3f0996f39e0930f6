import type { LineData } from '../frame.ts';
import type { Shown } from './chart-options.ts';
import { element } from './element.ts';
import { fullNumber, timeText } from './number-text.ts';

/** The same as a chart in figures, newest first; periods in which no line has a value are left out. */
export function valueTable(title: string, lines: readonly LineData[], shown: Shown): HTMLElement {
  const withDay = shown.to - shown.from > 86_400_000;
  const times = new Set<number>();
  for (const { start, periodMs, values } of lines) {
    for (const [index, value] of values.entries()) if (value !== null) times.add(start + index * periodMs);
  }
  const rows = [...times]
    .sort((a, b) => b - a)
    .map((time) =>
      element('tr', {}, [
        element('th', { scope: 'row' }, [timeText(time, { withDay })]),
        ...lines.map((line) => numberCell(valueAt(line, time))),
      ]),
    );
  const heads = ['Time (UTC)', ...lines.map(({ label }) => label)];
  const caption = rows.length === 0 ? `${title}: no data in the time shown` : title;
  return element('table', {}, [
    element('caption', {}, [caption]),
    element('thead', {}, [
      element(
        'tr',
        {},
        heads.map((head) => element('th', { scope: 'col' }, [head])),
      ),
    ]),
    element('tbody', {}, rows),
  ]);
}

function numberCell(value: number | null | undefined): HTMLElement {
  return element('td', { class: 'number' }, [
    value === null || value === undefined ? '–' : fullNumber(value),
  ]);
}

function valueAt({ start, periodMs, values }: LineData, time: number): number | null | undefined {
  return values[(time - start) / periodMs];
}
