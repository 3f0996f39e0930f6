import type { PageLayout } from '../frame.ts';
import { byId, element } from './element.ts';
import { createEventsView } from './events-view.ts';
import { createLogsView } from './logs-view.ts';
import { createRunbookView } from './runbook-view.ts';
import type { View } from './view.ts';

/** Shows the dashboard, or the view that the address names after `#`, and keeps a link to each. */
export function createViews(layout: PageLayout): void {
  const place = byId('view');
  const views: Readonly<Record<string, { readonly title: string; readonly view: View }>> = {
    ...(layout.views.includes('events') && {
      events: { title: 'Events passing', view: createEventsView(place) },
    }),
    ...(layout.views.includes('logs') && { logs: { title: 'Logs', view: createLogsView(place) } }),
    runbook: { title: 'Runbook', view: createRunbookView(place) },
  };
  const links = [['', 'Dashboard'], ...Object.entries(views).map(([name, { title }]) => [name, title])].map(
    ([name, title]) => element('a', { href: `#${name}` }, [title!]),
  );
  byId('views').replaceChildren(...links);
  let current: View | undefined;
  const route = async (isFirst = false) => {
    const [name = '', ...rest] = decodeURIComponent(location.hash.slice(1)).split('/');
    const next = Object.hasOwn(views, name) ? views[name]!.view : undefined;
    if (current !== next) current?.leave?.();
    current = next;
    place.hidden = next === undefined;
    byId('dashboard-view').hidden = next !== undefined;
    for (const link of links) {
      const is = link.getAttribute('href') === `#${next === undefined ? '' : name}`;
      if (is) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    if (next === undefined) {
      if (name === 'alarms') showAlarm(rest.join('/'));
      return;
    }
    await next.show(rest.join('/'));
    if (!isFirst) place.focus({ preventScroll: true });
    if (!isFirst) scrollTo(0, 0);
  };
  addEventListener('hashchange', () => void route());
  void route(true);
}

/** Opens an alarm in the row of its stream and puts the focus on it, or on the first of those whose names begin so. */
function showAlarm(name: string): void {
  const lists = [...document.querySelectorAll<HTMLElement>('.alarms-widget[data-filtered="false"]')];
  const all = lists.flatMap((list) => [...list.querySelectorAll<HTMLDetailsElement>('details')]);
  const found =
    all.find((one) => one.dataset.name === name) ?? all.find((one) => one.dataset.name?.startsWith(name));
  // An alarm of the whole stage stands in no row of a stream.
  const details =
    found ?? document.querySelector<HTMLDetailsElement>(`details[data-name="${CSS.escape(name)}"]`);
  if (details === null) return;
  details.open = true;
  details.closest('.widget')?.scrollIntoView({ block: 'center' });
  details.querySelector('summary')?.focus();
}
