import type { AlarmStatus } from '@mosaic-relay/cdk-loopback';
import type { AlarmsWidget } from '../frame.ts';
import { stateTexts } from './alarm-summary.ts';
import { element } from './element.ts';
import { putInOrder } from './in-order.ts';
import { timeText } from './number-text.ts';

const urgency = { ALARM: 0, INSUFFICIENT_DATA: 1, OK: 2 } as const;

/**
 * The alarms of a widget; each opens to say what it means. An alarm keeps its element from one redraw to the next, so that
 * what is open stays open and keyboard focus stays where it is.
 */
export function createAlarmList(
  place: HTMLElement,
  { names, states, sortBy }: AlarmsWidget,
): (all: readonly AlarmStatus[]) => void {
  const common = commonBeginning(names);
  const list = element('ul', { class: 'alarm-list' });
  const none = element('p', { class: 'none' });
  const items = new Map(names.map((name) => [name, createItem(name, common)]));
  const isFiltered = states.length > 0;
  place.replaceChildren(list, none);
  return (all) => {
    const wanted = names.map((name) => all.find((alarm) => alarm.name === name) ?? missing(name));
    const shown = wanted.filter(({ state }) => !isFiltered || states.includes(state));
    for (const alarm of shown) items.get(alarm.name)!.update(alarm, isFiltered);
    putInOrder(
      list,
      sorted(shown, sortBy).map(({ name }) => items.get(name)!.root),
    );
    const unknown = wanted.filter(({ state }) => state === 'INSUFFICIENT_DATA').length;
    const rest = unknown === 0 ? '' : `; ${unknown} have no data yet`;
    none.textContent = shown.length > 0 || !isFiltered ? '' : `✓ None of ${names.length} is red${rest}.`;
    none.hidden = none.textContent === '';
  };
}

/** What every name of several begins with, up to a dash, and need not be said. */
function commonBeginning([first = '', ...others]: readonly string[]): string {
  if (others.length === 0) return '';
  const parts = first.split('-').slice(0, -1);
  for (let length = parts.length; length > 0; length -= 1) {
    const beginning = `${parts.slice(0, length).join('-')}-`;
    if (others.every((name) => name.startsWith(beginning))) return beginning;
  }
  return '';
}

function sorted(alarms: readonly AlarmStatus[], sortBy: string): readonly AlarmStatus[] {
  const newest = (a: AlarmStatus, b: AlarmStatus) => (b.since ?? 0) - (a.since ?? 0);
  if (sortBy === 'timestamp') return alarms.toSorted(newest);
  const byState = (a: AlarmStatus, b: AlarmStatus) => urgency[a.state] - urgency[b.state];
  // CloudWatch sorts by name without a wish; red first is what people look for here.
  if (sortBy !== 'stateUpdatedTimestamp') return alarms.toSorted(byState);
  return alarms.toSorted((a, b) => byState(a, b) || (a.state === 'ALARM' ? newest(a, b) : 0));
}

function createItem(name: string, common: string) {
  const state = element('span', { class: 'state' });
  const since = element('span', { class: 'since' });
  const [reason, description] = [element('p'), element('p')];
  const article = name.slice(name.lastIndexOf('-') + 1);
  const links = element('p', {}, [
    element('a', { href: `#runbook/${article}` }, [`Runbook: ${article}`]),
    ' · ',
    element('a', { href: `#alarms/${name}` }, ['To its stream']),
  ]);
  const shortName = name.startsWith(common) ? name.slice(common.length) : name;
  const details = element('details', { 'data-name': name }, [
    element('summary', {}, [state, ` ${shortName}`, since]),
    ...[reason, description, links],
  ]);
  const root = element('li', { class: 'alarm' }, [details]);
  return {
    root,
    update(alarm: AlarmStatus, isInVerdict: boolean): void {
      root.dataset.state = alarm.state;
      setText(state, stateTexts[alarm.state]);
      const time = alarm.since === undefined ? undefined : timeText(alarm.since);
      setText(since, alarm.state === 'ALARM' && time !== undefined ? ` since ${time}` : '');
      setText(reason, time === undefined ? alarm.reason : `Since ${time} UTC: ${alarm.reason}`);
      setText(description, alarm.description);
      links.lastElementChild!.toggleAttribute('hidden', !isInVerdict);
    },
  };
}

/** A text that stays the same is left alone: somebody may be selecting it. */
function setText(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}

function missing(name: string): AlarmStatus {
  return {
    name,
    description: '',
    kind: 'metric',
    state: 'INSUFFICIENT_DATA',
    reason: 'the template declares no such alarm',
  };
}
