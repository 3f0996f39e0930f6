import type { ChartWidget, Frame, WidgetLayout } from '../frame.ts';
import { createAlarmList } from './alarm-list.ts';
import { createChart } from './chart.ts';
import { element } from './element.ts';
import { singleValues } from './single-values.ts';
import { valueTable } from './value-table.ts';

/** A widget on the page. */
export interface DrawnWidget {
  readonly root: HTMLElement;
  update(frame: Frame): void;
}

const rowPx = 56;

/** Builds a widget at its place in the grid, and names what it cannot draw. */
export function drawWidget(layout: WidgetLayout): DrawnWidget {
  const { id, title, notDrawn } = layout;
  const top = element(
    'div',
    { class: 'top' },
    title === '' ? [] : [element('h2', { id: `${id}-title` }, [title])],
  );
  const body = element('div', { class: 'body' });
  const root = element(
    'section',
    {
      class: `widget ${layout.kind}-widget`,
      id,
      ...(title === '' ? {} : { 'aria-labelledby': `${id}-title` }),
    },
    [top, body],
  );
  root.style.gridColumn = `${layout.x + 1} / span ${layout.width}`;
  root.style.gridRow = `${layout.y + 1} / span ${layout.height}`;
  root.style.setProperty('--phone-height', `${phoneHeight(layout)}px`);
  if (notDrawn.length > 0)
    root.append(element('p', { class: 'missing' }, [`Not drawn: ${notDrawn.join(', ')}`]));
  switch (layout.kind) {
    case 'text':
      body.innerHTML = layout.html;
      if (layout.transparent) root.classList.add('bare');
      return { root, update: () => undefined };
    case 'alarms': {
      root.dataset.filtered = String(layout.states.length > 0);
      const update = createAlarmList(body, layout);
      return { root, update: ({ alarms }) => update(alarms) };
    }
    case 'unknown':
      return { root, update: () => undefined };
    case 'chart':
      return { root, update: updateChart(layout, { title, top, body }) };
  }
}

/** Text takes the room it needs; a chart on a phone is no flatter than this. */
function phoneHeight(layout: WidgetLayout): number {
  if (layout.kind !== 'chart' || layout.view === 'singleValue') return 0;
  return Math.max(240, layout.height * rowPx * 0.8);
}

interface ChartPlace {
  readonly title: string;
  readonly top: HTMLElement;
  readonly body: HTMLElement;
}

function updateChart(
  layout: WidgetLayout & ChartWidget,
  { title, top, body }: ChartPlace,
): DrawnWidget['update'] {
  const lines = (frame: Frame) => frame.widgets[layout.id] ?? [];
  if (layout.view === 'singleValue')
    return (frame) => body.replaceChildren(singleValues(lines(frame), layout));
  if (layout.view === 'table') {
    makeScrollable(body, title);
    return (frame) => body.replaceChildren(valueTable(title, lines(frame), frame));
  }
  const drawing = element('div', { class: 'drawing' });
  const figures = element('div', { hidden: '' });
  body.append(drawing, figures);
  const chart = createChart(drawing, title, layout);
  const toggle = element('button', { class: 'toggle', type: 'button', 'aria-pressed': 'false' }, ['Table']);
  toggle.setAttribute('aria-label', `Table of ${title}`);
  top.append(toggle);
  let latest: Frame | undefined;
  const show = () => {
    const asTable = toggle.getAttribute('aria-pressed') === 'true';
    drawing.hidden = asTable;
    figures.hidden = !asTable;
    if (latest === undefined) return;
    if (asTable) figures.replaceChildren(valueTable(title, lines(latest), latest));
    else chart.draw(lines(latest), latest);
  };
  toggle.addEventListener('click', () => {
    toggle.setAttribute('aria-pressed', String(toggle.getAttribute('aria-pressed') !== 'true'));
    makeScrollable(body, title);
    show();
  });
  return (frame) => {
    latest = frame;
    show();
  };
}

/** What scrolls has to be reachable by keyboard. */
function makeScrollable(body: HTMLElement, title: string): void {
  body.tabIndex = 0;
  body.setAttribute('role', 'region');
  body.setAttribute('aria-label', `${title}, scrollable`);
}
