import type { Threshold, VerticalLine } from './frame.ts';

/** As a widget's `annotations` has them. */
export interface Annotations {
  readonly horizontal?: readonly (Horizontal | readonly [Horizontal, Horizontal])[];
  readonly vertical?: readonly (Vertical | readonly [Vertical, Vertical])[];
  readonly alarms?: readonly string[];
}

interface Horizontal {
  readonly value: number;
  readonly label?: string;
  readonly color?: string;
  readonly fill?: string;
  readonly visible?: boolean;
  readonly yAxis?: 'left' | 'right';
}

interface Vertical {
  readonly value: string;
  readonly label?: string;
  readonly color?: string;
  readonly visible?: boolean;
}

/** Lines across a chart and through it; what is hidden is left out, what is not understood is named. */
export function annotationsOf(
  { horizontal = [], vertical = [], alarms = [] }: Annotations,
  notDrawn: (what: string) => void,
): { readonly thresholds: readonly Threshold[]; readonly moments: readonly VerticalLine[] } {
  if (alarms.length > 0) notDrawn('an annotation by alarm');
  const thresholds = horizontal.flatMap((given): readonly Threshold[] => {
    const [line, end] = isPair(given) ? given : [given];
    if (line.visible === false) return [];
    const fill = end === undefined ? line.fill : 'between';
    if (fill !== undefined && fill !== 'above' && fill !== 'below' && fill !== 'between' && fill !== 'none')
      notDrawn(`the fill ${fill} of an annotation`);
    return [
      {
        value: line.value,
        ...(end && { upTo: end.value }),
        label: line.label ?? '',
        ...(line.color && { color: line.color }),
        ...((fill === 'above' || fill === 'below' || fill === 'between') && { fill }),
        axis: line.yAxis ?? 'left',
      },
    ];
  });
  const moments = vertical.flatMap((given): readonly VerticalLine[] => {
    if (isPair(given)) {
      notDrawn('a vertical band');
      return [];
    }
    if (given.visible === false) return [];
    return [
      { time: Date.parse(given.value), label: given.label ?? '', ...(given.color && { color: given.color }) },
    ];
  });
  return { thresholds, moments };
}

function isPair<T>(given: T | readonly [T, T]): given is readonly [T, T] {
  return Array.isArray(given);
}
