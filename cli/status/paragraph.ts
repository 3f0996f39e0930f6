import { ageText, type Paint, wrapped } from '../text.ts';
import type { DestinationStatus } from './stream-status.ts';

export interface Look {
  readonly now: number;
  readonly paint: Paint;
  /** Of the terminal. */
  readonly columns: number;
}

/** A title, sentences and red alarms in lines that fit the terminal, and the command to type next, unbroken. */
export function paragraph(
  title: string,
  said: readonly string[],
  { alarms, next, look }: Pick<DestinationStatus, 'alarms' | 'next'> & { readonly look: Look },
): readonly string[] {
  const { paint, columns, now } = look;
  const indented = (text: string) =>
    wrapped(text, columns - 2)
      .split('\n')
      .map((line) => `  ${line}`);
  return [
    paint(title, 'bold'),
    ...said.flatMap(indented),
    ...alarms.flatMap(({ name, since }) =>
      indented(`alarm ${name} is red${since === undefined ? '' : `, for ${ageText(now - since)}`}`).map(
        (line) => paint(line, 'red'),
      ),
    ),
    ...(next === undefined ? [] : [`  next: ${next}`]),
  ];
}
