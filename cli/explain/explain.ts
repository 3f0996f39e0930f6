import { type Change, type Level, levels, type Meaning, type ResourceMeaning } from './change.ts';
import { alarmMeanings } from './meanings/alarm-meanings.ts';
import { dataMeanings } from './meanings/data-meanings.ts';
import { runningMeanings } from './meanings/running-meanings.ts';

/** By resource type: every type that a template of the relay has, or had in an earlier version. */
export const meanings: Readonly<Record<string, ResourceMeaning>> = {
  ...dataMeanings,
  ...runningMeanings,
  ...alarmMeanings,
};

/** A change, and what it means for events. */
export interface Finding extends Meaning {
  readonly action: Change['action'];
  readonly thing: string;
  readonly name: string;
  readonly properties: readonly string[];
}

/** Says what each change means for events. */
export function explain(changes: readonly Change[]): readonly Finding[] {
  return [...changes.map(findingOf), ...renames(changes), ...sharedFolders(changes)];
}

export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  const order = Object.keys(levels) as Level[];
  return findings.toSorted((one, other) => order.indexOf(one.level) - order.indexOf(other.level));
}

function findingOf(change: Change): Finding {
  const { action, type, name, properties } = change;
  const known = meanings[type];
  const thing = known?.thing ?? type;
  return {
    ...(known === undefined ? unknown(change) : meaningOf(change, known)),
    action,
    thing,
    name,
    properties,
  };
}

function meaningOf(change: Change, known: ResourceMeaning): Meaning {
  const perhaps = change.action === 'perhaps replaced';
  const told = known[change.action === 'perhaps replaced' ? 'replaced' : change.action];
  const meaning = typeof told === 'function' ? told(change) : told;
  return perhaps
    ? {
        ...meaning,
        says: `CloudFormation decides at the deploy whether to replace it. If so: ${meaning.says}`,
      }
    : meaning;
}

function unknown({ action, kept }: Change): Meaning {
  const goes = !kept && action !== 'added' && action !== 'changed';
  return {
    level: goes ? 'data' : 'note',
    says: 'this version of the command does not know resources of this type; look into the template',
  };
}

/** A stream that goes while another of its type comes may be the same one under another name. */
function renames(changes: readonly Change[]): readonly Finding[] {
  const streams = changes.filter(({ type }) => type === 'Custom::MosaicStream');
  const comes = streams.filter(({ action }) => action === 'added');
  return streams
    .filter(({ action }) => action === 'removed')
    .flatMap(({ before, name, type }) => {
      const { StreamName: old, StreamType: kind } = before?.Properties ?? {};
      const other = comes.find(({ after }) => after?.Properties?.StreamType === kind);
      if (other === undefined || kind === undefined) return [];
      const says =
        `stream ${old} goes while ${other.after?.Properties?.StreamName}, of the same type, comes. If that is the same stream, ` +
        `give it was: '${old}' in the settings: its journal and its progress stay behind otherwise`;
      return [
        {
          level: 'data',
          says,
          action: 'removed',
          thing: meanings[type]!.thing,
          name,
          properties: [],
        } as const,
      ];
    });
}

/** A destination whose data would lie where another one's of its name lie, and are deleted, or would be. */
function sharedFolders(changes: readonly Change[]): readonly Finding[] {
  const deliveries = changes.filter(({ type }) => type === 'Custom::Delivery');
  const nameOf = ({ before, after }: Change) => {
    const { StreamName, Destination } = (after ?? before)?.Properties ?? {};
    return `${StreamName}/${Destination}`;
  };
  return deliveries
    .filter(({ action }) => action === 'added')
    .flatMap((comes) => {
      const use = comes.after?.Properties?.Folder;
      const goes = deliveries.find(
        (one) =>
          one.action === 'removed' &&
          nameOf(one) === nameOf(comes) &&
          ![undefined, use].includes(one.before?.Properties?.Folder as typeof use),
      );
      if (use === undefined || goes === undefined) return [];
      const says =
        "an s3 destination of the relay's own bucket and a gcs or sentinel one cannot have one name, one after the other: " +
        'their folder is one, and the bucket would delete the archive. Give the new one another name';
      return [{ ...findingOf(comes), level: 'refused', says } as const];
    });
}
