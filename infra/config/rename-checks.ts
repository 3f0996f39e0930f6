import type { CheckedPart } from './problems.ts';
import type { ReadStream } from './stream-settings.ts';
import { witnessNameOf } from './witness.ts';

/**
 * Refuses a `was` that two streams would continue, and a new name by which a command could mean another stream. A `was`
 * that is the name of a witness is told with the witness.
 */
export function renameProblems(streams: readonly ReadStream[], { path, problems }: CheckedPart): void {
  streams.forEach(({ name, label }, index) => {
    if (name === undefined || label === undefined) return;
    const others = streams.map((stream, at) => (at === index ? {} : stream));
    const continuing = others.findIndex((other) => other.name === name);
    if (continuing !== -1) {
      problems.add(
        `${path}.streams[${index}].was`,
        `'${name}' is also the name of streams[${continuing}]; one stream alone goes on with its journal: take that one out, or this was`,
      );
    }
    const alike = others.findIndex((other) => namesOf(other).includes(label));
    if (alike !== -1 && alike !== continuing) {
      problems.add(
        `${path}.streams[${index}].name`,
        `'${label}' is also what streams[${alike}] is called, or was; give it another name`,
      );
    }
  });
}

function namesOf({ name, label, witness }: ReadStream): readonly (string | undefined)[] {
  return [name, label, witness && name && witnessNameOf(name)];
}
