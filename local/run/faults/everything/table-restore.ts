import type { World } from '../../../world.ts';
import { tableRestored } from '../fault-set.ts';
import type { FaultDesk } from './fault-desk.ts';

/**
 * Puts the table back to what it was an hour before, as a restore from its backups does.
 *
 * @param from when it is remembered, in milliseconds from now
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/pointintimerecovery_beginners.html
 */
export function restoreTable(desk: FaultDesk, fromMs: number): void {
  const stage = desk.stage();
  if (stage === undefined) return;
  const { world, streams } = stage;
  const { clock } = world;
  const table = streams[0]!.environment.TABLE_NAME;
  clock.at(clock.now() + fromMs, async () => {
    const remembered = await scan(world, table);
    const restore = async (): Promise<void> => {
      // An operator who restores a table pauses what writes to it.
      if (world.lambda.sandboxes().some(({ requestId }) => requestId !== undefined)) {
        clock.at(clock.now() + 10_000, restore);
        return;
      }
      for (const { stream, item } of await scan(world, table))
        await world.dynamodb.call('DeleteItem', { TableName: table, Key: { stream, item } });
      for (const item of remembered) await world.dynamodb.call('PutItem', { TableName: table, Item: item });
      for (const stream of streams) desk.note(stream, tableRestored);
    };
    clock.at(clock.now() + hourMs, restore);
  });
}

const hourMs = 3_600_000;

async function scan(world: World, table: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let from: unknown;
  do {
    const answer = await world.dynamodb.call('Scan', {
      TableName: table,
      ...(from === undefined ? {} : { ExclusiveStartKey: from }),
    });
    items.push(...(answer.Items as readonly Item[]));
    from = answer.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}

type Item = Readonly<Record<'stream' | 'item', unknown>> & Readonly<Record<string, unknown>>;
