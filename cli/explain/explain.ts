import { type Change, type Level, levels, type Meaning, type ResourceMeaning } from './change.ts';
import { streamOf } from './followers.ts';
import { alarmMeanings } from './meanings/alarm-meanings.ts';
import { dataMeanings } from './meanings/data-meanings.ts';
import { runningMeanings } from './meanings/running-meanings.ts';
import { newLabel, type Rename, renamesIn } from './renames.ts';

/** By resource type: every type that a template of the relay has, or had in an earlier version. */
export const meanings: Readonly<Record<string, ResourceMeaning>> = {
  ...dataMeanings,
  ...runningMeanings,
  ...alarmMeanings,
};

/** A change, and what it means for events. */
export interface Finding extends Meaning {
  /** `found`: nothing changes, but the template holds it. */
  readonly action: Change['action'] | 'found';
  readonly thing: string;
  readonly name: string;
  readonly properties: readonly string[];
  /** The stream with which this goes or comes, and which says what that means. */
  readonly follows?: string;
  /** The streams whose followers this finding speaks for. */
  readonly leads?: readonly string[];
}

/** Says what each change means for events. What goes or comes with a stream follows that stream. */
export function explain(changes: readonly Change[]): readonly Finding[] {
  const renames = renamesIn(changes);
  // Of one stream under two names, neither "nobody collects it" nor "Mosaic creates it" is true.
  const instead = renames.flatMap(({ goes, comes, sameId }) => (sameId ? [goes, comes] : []));
  const told = changes.filter((change) => !instead.includes(change));
  return [
    ...renames.map(renameFinding),
    ...told.map((change) => ({ ...findingOf(change), ...company(change, changes) })),
    ...changes.flatMap(labelFinding),
    ...sharedFolders(changes),
  ];
}

export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  const order = Object.keys(levels) as Level[];
  return findings.toSorted((one, other) => order.indexOf(one.level) - order.indexOf(other.level));
}

function findingOf(change: Change): Finding {
  const { action, type, name, properties } = change;
  const known = meanings[type];
  return {
    ...(known === undefined ? unknown(change) : meaningOf(change, known)),
    action,
    thing: thingOf(change),
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

/** A stream speaks for what goes or comes with it, but for data, refusals and what is kept, which speak for themselves. */
function company(change: Change, changes: readonly Change[]): Pick<Finding, 'follows' | 'leads'> {
  const { action, type, name, kept } = change;
  if (action !== 'added' && action !== 'removed') return {};
  if (type === mosaicStream) return { leads: [name] };
  const streams = changes.filter((other) => other.type === mosaicStream && other.action === action);
  const stream = streamOf(
    change,
    streams.map((each) => each.name),
  );
  const { level } = findingOf(change);
  const aside = level === 'data' || level === 'refused' || (level === 'note' && kept);
  return stream === undefined || aside ? {} : { follows: stream };
}

const mosaicStream = 'Custom::MosaicStream';

function renameFinding({ goes, comes, sameId, level, says }: Rename): Finding {
  const leads = sameId ? { leads: [goes.name, comes.name] } : {};
  return { level, says, action: 'removed', thing: thingOf(goes), name: goes.name, properties: [], ...leads };
}

function labelFinding(change: Change): readonly Finding[] {
  const label = newLabel(change);
  if (label === undefined) return [];
  const thing = meanings[mosaicStream]!.thing;
  return [{ ...label, level: 'note', action: 'changed', thing, properties: [] }];
}

function thingOf({ type }: Change): string {
  return meanings[type]?.thing ?? type;
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
