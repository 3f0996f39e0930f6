import type { AwsCall, Interference } from '@mosaic-relay/cdk-loopback';
import { isItemKey } from '../../../functions/stored/item-keys.ts';
import { isKeptKey } from '../../../functions/stored/kept-delivery.ts';
import { metaKey, putBackItem } from '../../../functions/stored/meta-item.ts';
import { type FaultyStage, tableRestored } from '../../../local/run/fault-set.ts';
import type { World } from '../../../local/world.ts';
import type { TableRestore } from './draw-faults.ts';
import type { FaultInjector } from './fault-injector.ts';

/**
 * Puts the streams' items back to an earlier state while the collectors are at work, in the order of
 * docs/restore-table.md: runs, then later items, then each `META` with the restore's time in place of the audit's. Items of
 * kept delivery streams stay as they are.
 */
export function createTableRestore(injector: FaultInjector, plan: TableRestore | undefined): TableRestoring {
  let beganAt = Number.POSITIVE_INFINITY;
  let remembered: { readonly at: number; readonly items: readonly Item[] } | undefined;
  let callsSince = 0;
  let restoredAt: number | undefined;
  let restoring: Promise<void> | undefined;

  const restore = async ({ world, streams }: FaultyStage): Promise<void> => {
    const table = streams[0]!.settings.table;
    const present = await itemsIn(world, table);
    const put = (Item: object) => world.dynamodb.call('PutItem', { TableName: table, Item });
    const kept = new Set(remembered!.items.map(nameOf));
    for (const item of remembered!.items) if (!isMeta(item)) await put(item);
    for (const one of present) {
      if (isMeta(one) || kept.has(nameOf(one))) continue;
      const { stream, item } = one;
      await world.dynamodb.call('DeleteItem', { TableName: table, Key: { stream, item } });
    }
    const now = { N: String(world.clock.now()) };
    for (const meta of remembered!.items.filter(isMeta)) await put(putBackItem(meta, now));
    for (const stream of streams) injector.note(stream, tableRestored);
  };
  const restoreNow = (stage: FaultyStage): Promise<void> => {
    const { clock } = stage.world;
    restoredAt ??= clock.now();
    // The caller waits for real work, over which no time may be skipped.
    restoring ??= clock.busy(restore(stage));
    return restoring;
  };
  return {
    begin(stage) {
      if (plan === undefined) return;
      const { clock } = stage.world;
      beganAt = clock.now();
      clock.at(beganAt + plan.rememberMs, async () => {
        const items = await itemsIn(stage.world, stage.streams[0]!.settings.table);
        remembered = { at: clock.now(), items };
      });
      // Few calls may come, or none.
      clock.at(beganAt + plan.restoreMs + latestMs, () => restoreNow(stage));
    },
    interfere(call) {
      const stage = injector.stage();
      if (plan === undefined || stage === undefined || restoring !== undefined) return undefined;
      const now = stage.world.clock.now();
      if (remembered === undefined || now < beganAt + plan.restoreMs) return undefined;
      if (injector.callerOf(call) === undefined || callsSince++ < plan.call) return undefined;
      return { before: () => restoreNow(stage) };
    },
    over: (now) => plan === undefined || (restoredAt !== undefined && now >= restoredAt + auditedMs),
    forgets: (at) =>
      remembered !== undefined &&
      restoredAt !== undefined &&
      at >= remembered.at - longestRunMs &&
      at <= restoredAt + longestRunMs,
  };
}

export interface TableRestoring {
  /** Starts the restore's times. */
  begin(stage: FaultyStage): void;
  interfere(call: AwsCall): Interference | undefined;
  /** True once the table was put back and the sweeps have had the time to find the forgotten runs. */
  over(now: number): boolean;
  /** True if the table may have forgotten the loss of a batch at that time: no run tells it any more. */
  forgets(at: number): boolean;
}

const latestMs = 5 * 60_000;
/** Two passes of a sweep. */
const auditedMs = 11 * 60_000;
/** Lambda's longest run. */
const longestRunMs = 15 * 60_000;

async function itemsIn(world: World, table: string): Promise<readonly Item[]> {
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
  return items.filter(({ item }) => isItemKey(item.S) && !isKeptKey(item.S));
}

function nameOf({ stream, item }: Item): string {
  return `${stream.S}/${item.S}`;
}

function isMeta({ item }: Item): boolean {
  return item.S === metaKey;
}

type Item = Readonly<Record<'stream' | 'item', { readonly S: string }>> & Readonly<Record<string, unknown>>;
