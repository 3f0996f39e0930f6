import type { World } from '../../world.ts';
import type { WorldStream } from '../../world-streams.ts';

/** Adds up what collectors tell at the end of each invocation. */
export function watchEndLines(): EndLines {
  const swept = new Map<string, number>();
  return {
    onLog(functionName, line) {
      if (!line.includes('"swept"')) return;
      const told = Number(parsed(line).swept ?? 0);
      swept.set(functionName, (swept.get(functionName) ?? 0) + told);
    },
    sweptBy: ({ functionName }) => swept.get(functionName) ?? 0,
  };
}

export interface EndLines {
  onLog(functionName: string, line: string): void;
  /** Batches that the stream's sweeps delivered, by those that lived to tell. */
  sweptBy(stream: Pick<WorldStream, 'functionName'>): number;
}

/**
 * What the stream's records tell of batches that may be lost.
 *
 * @see functions/collector/adapters/dynamo-state.ts for the items' keys
 */
export async function possibleLossOf(stream: WorldStream, world: World): Promise<number> {
  let sum = 0;
  let from: unknown;
  do {
    const answer = await world.dynamodb.call('Query', {
      TableName: stream.environment.TABLE_NAME,
      KeyConditionExpression: '#stream = :stream AND begins_with(#item, :run)',
      ExpressionAttributeNames: { '#stream': 'stream', '#item': 'item' },
      ExpressionAttributeValues: { ':stream': { S: stream.name }, ':run': { S: 'RUN#' } },
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    for (const { possibleLoss, lost } of answer.Items as readonly Item[])
      sum += Number(possibleLoss?.N ?? 0) + Number(lost?.N ?? 0);
    from = answer.LastEvaluatedKey;
  } while (from !== undefined);
  return sum;
}

type Item = Readonly<Record<string, { readonly N?: string } | undefined>>;

function parsed(line: string): { readonly swept?: unknown } {
  try {
    return JSON.parse(line) as { readonly swept?: unknown };
  } catch {
    return {};
  }
}
