import type { World } from '../world.ts';
import type { WorldStream } from '../world-streams.ts';

/** Streams that are only there to watch over these; what they find is these streams' own. */
export function witnessesOf(streams: readonly WorldStream[], world: World): readonly WorldStream[] {
  const names = new Set(streams.map(({ name }) => name));
  return world.streams.filter(({ environment }) => names.has(environment.WITNESS_OF?.name ?? ''));
}

export function isWitness({ environment }: WorldStream): boolean {
  return environment.WITNESS_OF !== undefined;
}

/**
 * Whether a witness has compared whatever it has read.
 *
 * @see functions/collector/adapters/stream-items.ts for the items' keys
 */
export async function hasCompared(witness: WorldStream, world: World): Promise<boolean> {
  const answer = await world.dynamodb.call('Query', {
    TableName: witness.environment.TABLE_NAME,
    KeyConditionExpression: '#stream = :stream AND #item BETWEEN :meta AND :runs',
    ExpressionAttributeNames: { '#stream': 'stream', '#item': 'item' },
    ExpressionAttributeValues: {
      ':stream': { S: witness.name },
      ':meta': { S: 'META' },
      ':runs': { S: 'RUN#~' },
    },
  });
  const items = answer.Items as readonly Item[];
  const until = Number(items.find(({ item }) => item?.S === 'META')?.comparedUntil?.N ?? 0);
  return items.every(({ batches, endedAt, item }) => {
    if (item?.S?.startsWith('OPEN#')) return false;
    return Number(batches?.N ?? 0) === 0 || item?.S === 'META' || Number(endedAt?.N) <= until;
  });
}

type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string } | undefined>>;
