import type { Change } from './change.ts';

/**
 * The stream with which a resource goes or comes, of the streams that do; undefined where the resource stands by itself.
 *
 * @param streams names of the streams to which the same happens
 */
export function streamOf({ within, type }: Change, streams: readonly string[]): string | undefined {
  if (within === undefined || type === 'Custom::MosaicStream') return undefined;
  return streams
    .filter((name) => within.startsWith(`Streams/${name}/`) || within.startsWith(`Streams${letters(name)}`))
    .toSorted((one, other) => other.length - one.length)[0];
}

/** The CDK makes logical ids of these characters of a path alone. */
function letters(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]/g, '');
}
