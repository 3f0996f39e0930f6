import type { DashboardLayout, Frame, PageLayout } from '../frame.ts';
import { changeItem, createSummary } from './alarm-summary.ts';
import { createDestinationList } from './destination-list.ts';
import { byId, element } from './element.ts';
import { createRowOrder } from './row-order.ts';
import { keepTheme } from './theme.ts';
import { createVerdict } from './verdict.ts';
import { createViews } from './views.ts';
import { type DrawnWidget, drawWidget } from './widgets.ts';

/** Draws the dashboard that the address names, and keeps it as the run is. */
async function start(): Promise<void> {
  keepTheme(byId('theme') as HTMLSelectElement, () => document.dispatchEvent(new Event('themechange')));
  const layout = (await (await fetch('/layout.json')).json()) as PageLayout;
  const asked = new URLSearchParams(location.search);
  const wanted = asked.get('dashboard');
  const dashboard = layout.dashboards.find(({ name }) => name === wanted) ?? layout.dashboards[0]!;
  document.title = dashboard.name;
  byId('title').textContent = dashboard.name;
  listDashboards(layout, dashboard);
  // On a phone, and to a screen reader, widgets come in the order in which people read.
  const inOrder = dashboard.widgets.toSorted((a, b) => a.y - b.y || a.x - b.x);
  const common = `${layout.title}-`;
  const widgets = inOrder.map((one) => ({ ...drawWidget(one), layout: one }));
  byId('dashboard').replaceChildren(...widgets.map(({ root }) => root));
  const updateDestinations = createDestinationList(byId('destinations'));
  const updateVerdict = createVerdict(byId('verdict'));
  const drawn = [
    { update: updateVerdict },
    ...widgets,
    { update: updateDestinations },
    { update: createSummary(byId('summary'), common) },
    { update: createRowOrder(byId('dashboard'), widgets) },
  ];
  createViews(layout);
  const range = byId('range') as HTMLSelectElement;
  offerRanges(range, dashboard.rangeMs, Number(asked.get('hours')));
  let source = listen(dashboard, range.value, drawn);
  range.addEventListener('change', () => {
    source.close();
    source = listen(dashboard, range.value, drawn);
  });
}

function listDashboards({ dashboards }: PageLayout, current: DashboardLayout): void {
  const links = dashboards.map(({ name }) =>
    element(
      'a',
      {
        href: `?dashboard=${encodeURIComponent(name)}`,
        ...(name === current.name && { 'aria-current': 'page' }),
      },
      [name],
    ),
  );
  byId('dashboards').replaceChildren(...links);
  byId('dashboards').hidden = dashboards.length < 2;
}

/** @param wanted hours, shown at first where they are offered; else as long as the template says */
function offerRanges(chooser: HTMLSelectElement, rangeMs: number, wanted: number): void {
  const preset = rangeMs / 3_600_000;
  const hours = [...new Set([1, 3, 12, 24, 72, 168, preset])].sort((a, b) => a - b);
  const text = (count: number) => (count < 48 ? `${count} h` : `${count / 24} days`);
  chooser.replaceChildren(
    ...hours.map((count) => element('option', { value: String(count) }, [text(count)])),
  );
  chooser.value = String(hours.includes(wanted) ? wanted : preset);
}

function listen(dashboard: DashboardLayout, hours: string, drawn: readonly Updated[]): EventSource {
  const query = new URLSearchParams({ dashboard: dashboard.name, hours });
  const source = new EventSource(`/events?${query}`);
  let latest: Frame | undefined;
  source.addEventListener('message', ({ data }) => {
    latest = JSON.parse(data as string) as Frame;
    byId('ended').hidden = true;
    show(latest, drawn);
  });
  source.addEventListener('ended', ({ data }) => {
    source.close();
    tellEnd(`${JSON.parse(data as string) as string} What is shown is as it was then.`);
  });
  source.addEventListener('error', () => {
    const asOf = latest === undefined ? '' : ` What is shown is as of ${timeOf(latest)}.`;
    tellEnd(
      `The run has gone away, or this page cannot reach it.${asOf} It goes on by itself when the run answers again.`,
    );
  });
  return source;
}

function tellEnd(text: string): void {
  byId('ended').textContent = text;
  byId('ended').hidden = false;
  document.body.dataset.ended = '';
}

type Updated = Pick<DrawnWidget, 'update'>;

function show(frame: Frame, drawn: readonly Updated[]): void {
  byId('clock').textContent = `${timeOf(frame)}, the run's own time`;
  for (const { update } of drawn) update(frame);
  const none = element('li', {}, ['None has changed yet.']);
  byId('history').replaceChildren(...(frame.changes.length === 0 ? [none] : frame.changes.map(changeItem)));
  const list = element(
    'ul',
    {},
    frame.problems.map((problem) => element('li', {}, [problem])),
  );
  byId('problems').replaceChildren('Metrics that CloudWatch would not take:', list);
  byId('problems').hidden = frame.problems.length === 0;
  document.body.dataset.drawn = String(frame.now);
}

function timeOf({ now }: Frame): string {
  return `${new Date(now).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

start().catch((error: unknown) => {
  tellEnd(`The page could not be drawn: ${error instanceof Error ? error.message : String(error)}`);
});
