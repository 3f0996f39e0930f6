import { element } from './element.ts';
import type { View } from './view.ts';

/** Articles of the runbook. */
export function createRunbookView(place: HTMLElement): View {
  return {
    async show(name) {
      const answer = await fetch(`/article.json?name=${encodeURIComponent(name)}`).catch(() => undefined);
      const all =
        name === '' ? [] : [element('p', {}, [element('a', { href: '#runbook' }, ['All articles'])])];
      if (!answer?.ok) {
        place.replaceChildren(element('p', {}, [`The runbook has no article ${name}.`]), ...all);
        return;
      }
      const { title, html } = (await answer.json()) as { readonly title: string; readonly html: string };
      const article = element('article');
      // Made from the runbook that comes with the relay, in which HTML is shown and not obeyed.
      article.innerHTML = html;
      place.replaceChildren(element('h2', {}, [title]), article, ...all);
    },
  };
}
