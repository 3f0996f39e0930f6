import type { Frame } from '../frame.ts';
import { element } from './element.ts';

/** A button for each destination, which breaks it or lets it recover; nothing where the run lets nobody do so. */
export function createDestinationList(place: HTMLElement): (frame: Frame) => void {
  const list = element('ul', {});
  const said = element('span', { role: 'status' });
  const buttons = new Map<string, HTMLButtonElement>();

  const ask = async (name: string, broken: boolean): Promise<void> => {
    const answer = await fetch('/destinations', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, broken }),
    }).catch(() => undefined);
    const done = broken
      ? `${name} stops answering; its alarm follows.`
      : `${name} recovers; what Firehose gave up meanwhile waits for a replay, and two alarms until then.`;
    said.textContent = answer?.ok ? done : `The run did not take it: ${answer?.status ?? 'it is gone'}.`;
  };
  const buttonOf = (name: string): HTMLButtonElement => {
    const known = buttons.get(name);
    if (known !== undefined) return known;
    const button = element('button', { type: 'button' }) as HTMLButtonElement;
    button.addEventListener('click', () => void ask(name, button.dataset.broken === 'false'));
    buttons.set(name, button);
    list.append(element('li', {}, [button]));
    return button;
  };
  const title = element('h2', {}, ['Break a destination']);
  const hint =
    'and watch which alarms go red. Let it recover, and most are OK again within a minute or two; those on what Firehose gave up stay red until the replay that the verdict above names.';
  place.replaceChildren(title, element('p', {}, [hint, ' ', said]), list);
  return ({ destinations = [] }) => {
    place.hidden = destinations.length === 0;
    for (const { name, broken } of destinations) {
      const button = buttonOf(name);
      const text = broken ? `Let ${name} recover` : `Break ${name}`;
      // The button stays the same, for somebody may have the focus on it.
      if (button.textContent !== text) button.textContent = text;
      button.dataset.broken = String(broken);
    }
  };
}
