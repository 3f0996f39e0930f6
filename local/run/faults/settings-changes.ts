import type { AwsCall } from '../../aws/aws-call.ts';
import type { World } from '../../world.ts';
import type { WorldStream } from '../../world-streams.ts';
import type { SettingsChange, SettingsVariant } from './fault-set.ts';

/**
 * Deploys other settings while a run goes on, each as soon as nothing is under way that a deployment would throw away:
 * what Firehose has buffered for a delivery stream goes with it.
 *
 * @param streams are kept as they are deployed
 */
export function applyChanges(
  changes: readonly SettingsChange[],
  { world, streams, synthesize, note }: ChangeMeans,
): { done(): boolean } {
  const { clock } = world;
  let left = changes.length;
  const apply = async (change: SettingsChange): Promise<void> => {
    const working = world.lambda.sandboxes().some(({ requestId }) => requestId !== undefined);
    const buffered = streams.some(({ destinations }) =>
      destinations.some(({ deliveryStream }) => world.firehose.stats(deliveryStream).bufferedRecords > 0),
    );
    if (working || buffered) {
      clock.at(clock.now() + 10_000, () => apply(change));
      return;
    }
    const before = streams.flatMap(({ destinations }) => destinations);
    await world.update(await synthesize(change.to));
    for (const [place, { name }] of streams.entries())
      streams[place] = world.streams.find((one) => one.name === name) ?? streams[place]!;
    // The stack keeps the delivery stream of a removed destination; an operator deletes it once it is empty, for
    // otherwise its name is taken when the destination is put back.
    const kept = new Set(
      streams.flatMap(({ destinations }) => destinations).map((one) => one.deliveryStream),
    );
    for (const { deliveryStream } of before)
      if (!kept.has(deliveryStream)) world.firehose.deleteDeliveryStream(deliveryStream);
    for (const stream of streams) note(stream, change.name);
    left -= 1;
  };
  for (const change of changes) clock.at(clock.now() + change.afterMs, () => apply(change));
  return { done: () => left === 0 };
}

export interface ChangeMeans {
  readonly world: World;
  readonly streams: WorldStream[];
  /** Answers the folder of an assembly with those settings. */
  readonly synthesize: (variant: SettingsVariant) => Promise<string>;
  readonly note: (stream: WorldStream, name: string) => void;
}

/** Learns from the table which destinations a run owes its events to: those that its `OPEN` names. */
export function watchOpens(): OpenWatch {
  const named = new Map<string, Set<string>>();
  return {
    observe({ service, input }) {
      const item = service === 'dynamodb' ? (input as { readonly Item?: OpenItem }).Item : undefined;
      if (!item?.item?.S?.startsWith('OPEN#')) return;
      const key = `${item.stream?.S} ${item.item.S.slice('OPEN#'.length)}`;
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
