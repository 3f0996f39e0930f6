import type { PassingEvent, PassingStream } from '../frame.ts';
import { element } from './element.ts';
import { putInOrder } from './in-order.ts';
import type { View } from './view.ts';

const everyMs = 3_000;
const stateWords = { delivered: '✓', waiting: 'not yet', dropped: 'dropped by its view' } as const;

/** The events that pass, a stream at a time: each as Mosaic gave it, and as each destination got it. */
export function createEventsView(place: HTMLElement): View {
  let timer: ReturnType<typeof setInterval> | undefined;
  const leave = () => clearInterval(timer);
  return {
    leave,
    async show(stream) {
      leave();
      const list = element('ul', { class: 'passing' });
      const links = element('nav', { 'aria-label': 'Streams' });
      const heading = element('h2');
      const items = new Map<string, ReturnType<typeof createItem>>();
      place.replaceChildren(
        heading,
        element('p', {}, [
          'The last events of the journal, newest first. An event opens to show its bytes as Mosaic gave them, and the line that each destination got.',
        ]),
        links,
        list,
      );
      const read = async () => {
        const answer = await fetch('/passing.json').catch(() => undefined);
        if (!answer?.ok) return;
        const streams = (await answer.json()) as readonly PassingStream[];
        const chosen = streams.find(({ name }) => name === stream) ?? streams[0];
        if (chosen === undefined) return;
        heading.textContent = `Events of ${chosen.name}`;
        if (links.childElementCount !== streams.length)
          links.replaceChildren(
            ...streams.map(({ name }) =>
              element(
                'a',
                { href: `#events/${name}`, ...(name === chosen.name && { 'aria-current': 'page' }) },
                [name],
              ),
            ),
          );
        for (const event of chosen.events) {
          const item = items.get(event.raw) ?? createItem(event, chosen.destinations);
          items.set(event.raw, item);
          item.update(event);
        }
        putInOrder(
          list,
          chosen.events.map(({ raw }) => items.get(raw)!.root),
        );
      };
      await read();
      timer = setInterval(() => void read(), everyMs);
    },
  };
}

function createItem({ collectedAt, raw }: PassingEvent, destinations: readonly string[]) {
  const states = destinations.map(() => element('span', { class: 'where' }));
  const lines = destinations.map((name) =>
    element('pre', { tabindex: '0', role: 'region', 'aria-label': `As ${name} got it` }),
  );
  const time = new Date(collectedAt).toISOString().slice(11, 19);
  const root = element('li', {}, [
    element('details', {}, [
      element('summary', {}, [`${time} ${activityOf(raw)} `, ...states]),
      element('h3', {}, ['As Mosaic gave it']),
      element('pre', { tabindex: '0', role: 'region', 'aria-label': 'As Mosaic gave it' }, [pretty(raw)]),
      ...destinations.flatMap((name, index) => [element('h3', {}, [`As ${name} got it`]), lines[index]!]),
    ]),
  ]);
  return {
    root,
    update({ delivered }: PassingEvent): void {
      for (const [index, told] of delivered.entries()) {
        const [state, line] = [states[index]!, lines[index]!];
        const text = `${destinations[index]}: ${stateWords[told.state]}`;
        if (state.textContent !== text) state.textContent = text;
        state.dataset.state = told.state;
        const body = told.state === 'delivered' ? pretty(told.line) : `${stateWords[told.state]}.`;
        if (line.textContent !== body) line.textContent = body;
      }
    },
  };
}

function activityOf(raw: string): string {
  const [, activity] = raw.match(/"activity"\s*:\s*"([^"\\]{1,80})"/) ?? [];
  return activity ?? 'event';
}

/** With line breaks where it is JSON; as it is elsewhere. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
