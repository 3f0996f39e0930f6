import type { Frame } from '../frame.ts';
import { element } from './element.ts';

/** The verdict of the whole, and below it what somebody has to look at and type; nothing where the run tells none. */
export function createVerdict(place: HTMLElement): (frame: Frame) => void {
  const headline = element('p', { role: 'status' });
  const trouble = element('pre', { tabindex: '0', 'aria-label': 'What waits, and what to do' });
  place.replaceChildren(headline, trouble);
  return ({ status }) => {
    place.hidden = status === undefined;
    if (status === undefined) return;
    place.dataset.verdict = status.verdict;
    // A live region speaks at each change of its text, and somebody may be copying a command.
    if (headline.textContent !== status.headline) headline.textContent = status.headline;
    const text = status.trouble.join('\n').trim();
    if (trouble.textContent !== text) trouble.textContent = text;
    trouble.hidden = text === '';
  };
}
