import type { Frame, WidgetLayout } from '../frame.ts';
import { putInOrder } from './in-order.ts';
import type { DrawnWidget } from './widgets.ts';

/** A drawn widget and where the template puts it. */
export interface PlacedWidget extends Pick<DrawnWidget, 'root'> {
  readonly layout: WidgetLayout;
}

/** A row of widgets of one height, with alarms of its own. */
interface Row {
  readonly widgets: readonly PlacedWidget[];
  readonly y: number;
  readonly alarms: ReadonlySet<string>;
}

/**
 * Orders the rows that have alarms of their own, those with most red alarms first, so that what is wrong stands at the top.
 * CloudWatch leaves every row where the template puts it.
 */
export function createRowOrder(place: HTMLElement, widgets: readonly PlacedWidget[]): (frame: Frame) => void {
  const rows = rowsOf(widgets);
  let shown = rows;
  return ({ alarms }) => {
    const red = new Set(alarms.filter(({ state }) => state === 'ALARM').map(({ name }) => name));
    const count = (row: Row) => [...row.alarms].filter((name) => red.has(name)).length;
    const wanted = rows.toSorted((a, b) => count(b) - count(a));
    if (wanted.every((row, index) => row === shown[index])) return;
    shown = wanted;
    for (const [index, row] of wanted.entries())
      for (const { root, layout } of row.widgets)
        root.style.gridRow = `${rows[index]!.y + 1} / span ${layout.height}`;
    // People who read without seeing the grid meet the widgets in the same order.
    const lineOf = (one: PlacedWidget) => Number(one.root.style.gridRow.split(' ')[0]);
    putInOrder(
      place,
      widgets.toSorted((a, b) => lineOf(a) - lineOf(b) || a.layout.x - b.layout.x).map(({ root }) => root),
    );
  };
}

/** Rows after the first widget of alarms, which speaks of all; rows of another height stay where they are. */
function rowsOf(widgets: readonly PlacedWidget[]): readonly Row[] {
  const byLine = Map.groupBy(widgets, ({ layout }) => layout.y);
  const rows = [...byLine].flatMap(([y, inRow]): readonly Row[] => {
    const lists = inRow.flatMap(({ layout }) =>
      layout.kind === 'alarms' && layout.states.length === 0 ? layout.names : [],
    );
    return lists.length === 0 ? [] : [{ widgets: inRow, y, alarms: new Set(lists) }];
  });
  const heightOf = (row: Row) => row.widgets[0]!.layout.height;
  return rows.filter((row) => heightOf(row) === heightOf(rows[0]!)).toSorted((a, b) => a.y - b.y);
}
