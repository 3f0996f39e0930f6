import type { LineData } from '../frame.ts';
import { lastOf } from './chart-options.ts';
import { element } from './element.ts';
import { fullNumber, shortNumber } from './number-text.ts';
import { palette } from './theme.ts';

/** The last value of each line, large, with how it came about where the template asks for that. */
export function singleValues(
  lines: readonly LineData[],
  { sparkline }: { readonly sparkline: boolean },
): HTMLElement {
  const { series } = palette();
  return element(
    'dl',
    { class: 'values' },
    lines.map((line, index) => {
      const color = line.color ?? series[index % series.length]!;
      const last = lastOf(line);
      const value = element('dd', last === undefined ? {} : { title: fullNumber(last) }, [
        last === undefined ? '–' : shortNumber(last),
      ]);
      if (sparkline) value.append(drawSparkline(line, color));
      const cell = element('div', {}, [element('dt', {}, [line.label]), value]);
      cell.style.setProperty('--mark', color);
      return cell;
    }),
  );
}

const svg = 'http://www.w3.org/2000/svg';

function drawSparkline({ values }: LineData, color: string): SVGElement {
  const most = Math.max(1e-9, ...values.map((value) => value ?? 0));
  const points = values.flatMap((value, index) =>
    value === null ? [] : [`${((index + 0.5) / values.length) * 100},${23 - (value / most) * 21}`],
  );
  const picture = document.createElementNS(svg, 'svg');
  picture.setAttribute('viewBox', '0 0 100 24');
  picture.setAttribute('preserveAspectRatio', 'none');
  picture.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS(svg, 'polyline');
  line.setAttribute('points', points.join(' '));
  line.setAttribute('fill', 'none');
  line.setAttribute('stroke', color);
  line.setAttribute('vector-effect', 'non-scaling-stroke');
  line.setAttribute('stroke-width', '1.5');
  picture.append(line);
  return picture;
}
