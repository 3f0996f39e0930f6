import { element } from './element.ts';
import type { View } from './view.ts';

const everyMs = 3_000;

/** The run's own logs of one stream, as `relay logs --local` prints them. */
export function createLogsView(place: HTMLElement): View {
  let timer: ReturnType<typeof setInterval> | undefined;
  const leave = () => clearInterval(timer);
  return {
    leave,
    async show(stream) {
      leave();
      const streams = await streamNames();
      const chosen = stream === '' ? (streams[0] ?? '') : stream;
      const lines = element('pre', { tabindex: '0', role: 'region', 'aria-label': `Log of ${chosen}` });
      const links = streams.map((name) =>
        element('a', { href: `#logs/${name}`, ...(name === chosen && { 'aria-current': 'page' }) }, [name]),
      );
      place.replaceChildren(
        element('h2', {}, [`Logs of ${chosen}`]),
        element('p', {}, [
          'Of the last six hours of the run, without metrics and without accounts of invocations. In a terminal: ',
          element('code', {}, ['npx relay logs --local --follow']),
        ]),
        element('nav', { 'aria-label': 'Streams' }, links),
        lines,
      );
      const read = async () => {
        const answer = await fetch(`/logs.json?stream=${encodeURIComponent(chosen)}`).catch(() => undefined);
        const text = answer?.ok
          ? ((await answer.json()) as readonly string[]).join('\n') || 'Nothing was written yet.'
          : `The run does not answer with the log of ${chosen}.`;
        if (lines.textContent === text) return;
        const isAtEnd = lines.scrollTop + lines.clientHeight >= lines.scrollHeight - 4;
        lines.textContent = text;
        if (isAtEnd) lines.scrollTop = lines.scrollHeight;
      };
      await read();
      lines.scrollTop = lines.scrollHeight;
      timer = setInterval(() => void read(), everyMs);
    },
  };
}

async function streamNames(): Promise<readonly string[]> {
  const answer = await fetch('/passing.json').catch(() => undefined);
  if (!answer?.ok) return [];
  return ((await answer.json()) as readonly { readonly name: string }[]).map(({ name }) => name);
}
