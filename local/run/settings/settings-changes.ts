import type { AwsCall } from '@mosaic-relay/cdk-loopback';
import { readOpenKey } from '../../../functions/stored/open-item.ts';
import type { World } from '../../world.ts';
import type { WorldStream } from '../../world-streams.ts';
import { bufferedOf } from '../destination-streams.ts';
import { removedWhileHeld, removedWhileOwed, type SettingsChange } from '../fault-set.ts';
import type { StreamIds } from '../stream-ids.ts';
import { batchesOwedTo } from './owed-batches.ts';
import { addedName } from './settings-variants.ts';

/**
 * Deploys other settings while a run goes on, one after the other; when one is late, so are those after it.
 *
 * @param means.streams like `means.witnesses`, are kept as they are deployed
 */
export function planChanges(changes: readonly SettingsChange[], means: ChangeMeans): PlannedChanges {
  const { world, streams, witnesses, ids } = means;
  const { clock } = world;
  const startedAt = clock.now();
  const left = [...changes];
  let lateMs = 0;
  const dueAt = ({ afterMs }: SettingsChange): number => startedAt + afterMs + lateMs;
  const awaitNext = (): void => {
    // The clock stops there, if at nothing else.
    if (left[0] !== undefined) clock.at(dueAt(left[0]), () => undefined);
  };
  awaitNext();
  const deploy = async (change: SettingsChange): Promise<void> => {
    ids.learn([...streams, ...witnesses]);
    await world.update(await means.synthesize(change));
    for (const list of [streams, witnesses])
      for (const [place, old] of list.entries())
        list[place] = world.streams.find((one) => one.name === old.name) ?? old;
    ids.learn([...streams, ...witnesses]);
    for (const stream of streams) means.note(stream, change.name);
  };
  return {
    done: () => left.length === 0,
    async deployDue() {
      const [next] = left;
      if (next === undefined || dueAt(next) > clock.now()) return;
      if (next.ready !== undefined && clock.now() < dueAt(next) + mostAwaitedMs && !(await next.ready()))
        return;
      if (!next.to.added && addedOf(streams).length > 0) {
        const owing = await owingStreams(streams, world);
        const holding = streams.filter((one) => addedOf([one]).some((to) => bufferedOf(to, world) > 0));
        const found = next.removedWhile === 'held' ? holding : owing;
        if (found.length < streams.length && clock.now() < dueAt(next) + mostAwaitedMs) return;
        for (const stream of owing) means.note(stream, removedWhileOwed);
        for (const stream of holding) means.note(stream, removedWhileHeld);
      }
      left.shift();
      lateMs += clock.now() - dueAt(next);
      await deploy(next);
      awaitNext();
    },
  };
}

export interface PlannedChanges {
  /** Nothing is left to be deployed. */
  done(): boolean;
  /** Deploys what is due. Only while nothing is busy: CloudFormation waits by the clock for its own functions. */
  deployDue(): Promise<void>;
}

export interface ChangeMeans {
  readonly world: World;
  readonly streams: WorldStream[];
  readonly witnesses: WorldStream[];
  readonly ids: StreamIds;
  /** Answers the folder of an assembly with those settings. */
  readonly synthesize: (change: SettingsChange) => Promise<string>;
  readonly note: (stream: WorldStream, name: string) => void;
}

/**
 * A deployment awaits its readiness, and the removal of a destination what it is to be removed with: until the faults of
 * collecting are long over, for where most runs die nothing may be journaled for an hour.
 */
const mostAwaitedMs = 90 * 60_000;

/** Those with batches in the journal that the destination which a change takes away has not got. */
async function owingStreams(streams: readonly WorldStream[], world: World): Promise<readonly WorldStream[]> {
  const owing: WorldStream[] = [];
  for (const stream of streams) if ((await batchesOwedTo(addedName, stream, world)) > 0) owing.push(stream);
  return owing;
}

/** The destinations that a change may take away. */
function addedOf(streams: readonly WorldStream[]): WorldStream['destinations'] {
  return streams.flatMap(({ destinations }) => destinations.filter(({ name }) => name === addedName));
}

/** Learns from the table which destinations a run owes its events to: those that its `OPEN` names. */
export function watchOpens(): OpenWatch {
  const named = new Map<string, Set<string>>();
  return {
    observe({ service, input }) {
      const item = service === 'dynamodb' ? (input as { readonly Item?: OpenItem }).Item : undefined;
      const run = readOpenKey(item?.item?.S ?? '');
      if (item === undefined || run === undefined) return;
      const key = `${item.stream?.S} ${run}`;
      const names = named.get(key) ?? new Set();
      for (const name of Object.keys(item.done?.M ?? {})) names.add(name);
      named.set(key, names);
    },
    // A run whose OPEN nobody saw owes to all.
    owes: (stream, destination, run) => named.get(`${stream} ${run}`)?.has(destination) ?? true,
  };
}

export interface OpenWatch {
  observe(call: AwsCall): void;
  owes(stream: string, destination: string, run: string): boolean;
}

interface OpenItem {
  readonly stream?: { readonly S?: string };
  readonly item?: { readonly S?: string };
  readonly done?: { readonly M?: Readonly<Record<string, unknown>> };
}
