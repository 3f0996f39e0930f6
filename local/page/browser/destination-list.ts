import type { Frame } from '../frame.ts';
import { element } from './element.ts';
import { putInOrder } from './in-order.ts';

/**
 * A button for each destination, which says what will be seen, and below them what somebody has to replay. Nothing where
 * the run lets nobody break anything.
 */
export function createDestinationList(place: HTMLElement): (frame: Frame) => void {
  const list = element('ul', { class: 'outages' });
  const offers = element('ul', { class: 'replays' });
  const said = element('p', { role: 'status' });
  const buttons = new Map<string, HTMLButtonElement>();
  const replays = new Map<string, HTMLElement>();

  const buttonOf = (name: string): HTMLButtonElement => {
    const known = buttons.get(name);
    if (known !== undefined) return known;
    const button = element('button', { type: 'button' });
    button.addEventListener('click', async () => {
      const broken = button.dataset.broken === 'false';
      const answer = await post('/destinations', { name, broken });
      const done = broken
        ? `${name} stops answering now. Its alarms go red after 15 to 30 minutes of the run's time, which is a minute here; its row moves to the top.`
        : `${name} answers again. Firehose delivers what it still holds. What it gave up meanwhile waits, and two alarms stay red, until it is replayed.`;
      said.textContent = answer?.ok ? done : `The run did not take it: ${answer?.status ?? 'it is gone'}.`;
    });
    buttons.set(name, button);
    list.append(element('li', {}, [button]));
    return button;
  };
  const replayOf = ({ stream, command }: NonNullable<Frame['replays']>[number]): HTMLElement => {
    const known = replays.get(stream);
    if (known !== undefined) return known;
    const button = element('button', { type: 'button' }, [`Replay ${stream} now`]);
    button.addEventListener('click', async () => {
      said.textContent = `Replaying what waits of ${stream} …`;
      const answer = await post('/replay', { stream });
      said.textContent = answer?.ok
        ? ((await answer.json()) as string)
        : `The run did not replay it: ${answer?.status ?? 'it is gone'}.`;
    });
    const item = element('li', {}, [
      `${stream}: two alarms stay until what was given up is replayed. Run `,
      element('code', {}, [command]),
      ', or ',
      button,
    ]);
    replays.set(stream, item);
    return item;
  };
  place.replaceChildren(element('h2', {}, ['Try an outage']), list, offers, said);
  return ({ destinations = [], replays: waiting = [] }) => {
    place.hidden = destinations.length === 0;
    for (const { name, broken } of destinations) {
      const button = buttonOf(name);
      const text = broken ? `Let ${name} answer again` : `${name} stops answering`;
      // The button stays the same, for somebody may have the focus on it.
      if (button.textContent !== text) button.textContent = text;
      button.dataset.broken = String(broken);
    }
    putInOrder(offers, waiting.map(replayOf));
    offers.hidden = waiting.length === 0;
  };
}

function post(path: string, body: object): Promise<Response | undefined> {
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => undefined);
}
