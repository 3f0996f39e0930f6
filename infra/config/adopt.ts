import type { ChosenStage } from './choose-stage.ts';
import type { Stage } from './settings.ts';
import type { Stream } from './stream-settings.ts';
import { witnessNameOf } from './witness.ts';

/**
 * Marks the streams of these names to be taken over if Mosaic has them already, as `adopt: true` in their settings
 * would. A stream's name stands for its witness too; a witness may be named alone.
 *
 * @param named `-c adopt=…`: names with commas between them, or a list of names from a file of context
 */
export function adoptNamed(chosen: ChosenStage, named: unknown): ChosenStage {
  if ('problems' in chosen || named === undefined) return chosen;
  const { stage } = chosen;
  const names = [named]
    .flat()
    .flatMap((one) => String(one).split(','))
    .map((name) => name.trim());
  const known = adoptable(stage);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    return { problems: unknown.map((name) => `adopt: ${problemOf(name, stage)}; ${give(known)}`) };
  }
  return { stage: { ...stage, streams: stage.streams.map((stream) => adopting(stream, names)) } };
}

/** A pull URL needs no adoption: nothing is created for it. */
function adoptable({ streams }: Stage): readonly string[] {
  return streams
    .filter(({ pullUrl }) => pullUrl === undefined)
    .flatMap(({ name, label, witness }) =>
      [label, name].flatMap((each) => {
        if (each === undefined) return [];
        return witness === undefined ? [each] : [each, witnessNameOf(each)];
      }),
    );
}

function problemOf(name: string, { name: stage, streams }: Stage): string {
  const isPulled = streams.some((stream) => stream.name === name || stream.label === name);
  return isPulled
    ? `'${name}' is read by its pull URL, so that there is nothing to adopt`
    : `'${name}' is no stream of stage ${stage}`;
}

function give(known: readonly string[]): string {
  return known.length === 0 ? 'take it out' : `give one of ${known.join(', ')}`;
}

function adopting(stream: Stream, names: readonly string[]): Stream {
  const { name, label = name, witness } = stream;
  const named = (each: (primary: string) => string): boolean =>
    names.includes(each(name)) || names.includes(each(label));
  return {
    ...stream,
    adopt: stream.adopt || named((primary) => primary),
    witness: witness && { ...witness, adopt: named(witnessNameOf) },
  };
}
