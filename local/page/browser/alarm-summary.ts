import type { AlarmChange, AlarmStatus } from '@mosaic-relay/cdk-loopback';
import type { Frame } from '../frame.ts';
import { element } from './element.ts';
import { timeText } from './number-text.ts';

/** Never colour alone: a sign and a word. */
export const stateTexts = {
  OK: '✓ OK',
  ALARM: '▲ ALARM',
  INSUFFICIENT_DATA: '? no data',
} as const;

const mostNames = 8;

/**
 * Keeps the line on all alarms: `2 of 61 alarms are in ALARM`, with each red name a link to the row of its stream.
 * Composite alarms only repeat what is under them.
 *
 * @param common what every name begins with, and need not be said
 */
export function createSummary(place: HTMLElement, common: string): (frame: Frame) => void {
  const said = element('span', { role: 'status' });
  const links = element('span', { class: 'red-names' });
  place.replaceChildren(said, links);
  let shown = '';
  return ({ alarms }) => {
    const { text, red } = alarmSummary(alarms);
    // A live region speaks at each change of its text.
    if (said.textContent !== text) said.textContent = text;
    place.classList.toggle('red', red.length > 0);
    if (shown === red.join()) return;
    shown = red.join();
    const names = red.slice(0, mostNames).flatMap((name, index) => {
      const short = name.startsWith(common) ? name.slice(common.length) : name;
      return [index === 0 ? ' ' : ', ', element('a', { href: `#alarms/${name}` }, [short])];
    });
    const more = red.length > mostNames ? [` and ${red.length - mostNames} more`] : [];
    links.replaceChildren(...names, ...more);
  };
}

function alarmSummary(all: readonly AlarmStatus[]): {
  readonly text: string;
  readonly red: readonly string[];
} {
  const alarms = all.filter(({ kind }) => kind === 'metric');
  if (alarms.length === 0) return { text: 'The template declares no alarm.', red: [] };
  const red = alarms
    .filter(({ state }) => state === 'ALARM')
    .toSorted((a, b) => (b.since ?? 0) - (a.since ?? 0))
    .map(({ name }) => name);
  if (red.length > 0) return { text: `▲ ${red.length} of ${alarms.length} alarms in ALARM:`, red };
  const waiting = alarms.filter(({ state }) => state === 'INSUFFICIENT_DATA').length;
  const rest = waiting === 0 ? '' : `, ${waiting} without data`;
  return { text: `✓ None of ${alarms.length} alarms is in ALARM${rest}.`, red };
}

export function changeItem({ name, time, to, reason, told }: AlarmChange): HTMLElement {
  const pager = told.length === 0 ? '' : `; tells ${told.map((arn) => arn.split(':').at(-1)).join(', ')}`;
  return element('li', { 'data-state': to }, [
    element('time', { datetime: new Date(time).toISOString() }, [timeText(time, { withDay: true })]),
    ' ',
    element('span', { class: 'state' }, [stateTexts[to]]),
    ` ${name} `,
    element('span', { class: 'why' }, [`${reason}${pager}`]),
  ]);
}
