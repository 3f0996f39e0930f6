import type { AlarmChange, AlarmStatus } from '@mosaic-relay/cdk-loopback';
import { element } from './element.ts';
import { timeText } from './number-text.ts';

/** Never colour alone: a sign and a word. */
const stateTexts = {
  OK: '✓ OK',
  ALARM: '▲ ALARM',
  INSUFFICIENT_DATA: '? no data',
} as const;

const urgency = { ALARM: 0, INSUFFICIENT_DATA: 1, OK: 2 } as const;

/** The alarms of a widget, those that are red first; each opens to say what it means. Keeps open what was open. */
export function alarmList(
  before: Element | null,
  names: readonly string[],
  all: readonly AlarmStatus[],
): HTMLElement {
  const open = new Set(
    [...(before?.querySelectorAll('details[open]') ?? [])].map((one) => one.getAttribute('data-name')),
  );
  const wanted = names.map((name) => all.find((alarm) => alarm.name === name) ?? missing(name));
  const sorted = wanted.toSorted((a, b) => urgency[a.state] - urgency[b.state]);
  return element(
    'ul',
    { class: 'alarm-list' },
    sorted.map((alarm) => {
      const details = element('details', { 'data-name': alarm.name }, [
        element('summary', {}, [
          element('span', { class: 'state' }, [stateTexts[alarm.state]]),
          ` ${alarm.name}`,
        ]),
        element('p', {}, [
          alarm.since === undefined ? alarm.reason : `Since ${timeText(alarm.since)} UTC: ${alarm.reason}`,
        ]),
        element('p', {}, [alarm.description]),
      ]);
      details.open = open.has(alarm.name);
      return element('li', { class: 'alarm', 'data-state': alarm.state }, [details]);
    }),
  );
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

/**
 * `2 of 61 alarms are in ALARM: …`; composite alarms only repeat what is under them.
 *
 * @param common what every name begins with, and need not be said
 */
export function alarmSummary(
  all: readonly AlarmStatus[],
  common: string,
): { readonly text: string; readonly red: boolean } {
  const alarms = all.filter(({ kind }) => kind === 'metric');
  if (alarms.length === 0) return { text: 'The template declares no alarm.', red: false };
  const red = alarms
    .filter(({ state }) => state === 'ALARM')
    .map(({ name }) => (name.startsWith(common) ? name.slice(common.length) : name));
  if (red.length === 0) {
    const waiting = alarms.filter(({ state }) => state === 'INSUFFICIENT_DATA').length;
    const rest = waiting === 0 ? '' : `, ${waiting} without data`;
    return { text: `None of ${alarms.length} alarms is in ALARM${rest}.`, red: false };
  }
  const shown = red.slice(0, 5).join(', ');
  const more = red.length > 5 ? ` and ${red.length - 5} more` : '';
  return { text: `▲ ${red.length} of ${alarms.length} alarms in ALARM: ${shown}${more}`, red: true };
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
