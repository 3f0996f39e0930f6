import {
  type AwsCall,
  createVirtualClock,
  type FunctionDefinition,
  FunctionRegistry,
  type VirtualClock,
} from '@mosaic-relay/cdk-loopback';
import type { CallInfo } from '@mosaic-relay/mosaic-simulator';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changeByHand } from '../../../lab/faults/everything/changed-by-hand.ts';
import { createFaultInjector, type FaultInjector } from '../../../lab/faults/everything/fault-injector.ts';
import { createSourceWindows } from '../../../lab/faults/everything/source-windows.ts';
import { createTableRestore } from '../../../lab/faults/everything/table-restore.ts';
import type { FaultyStage } from '../../../local/run/fault-set.ts';
import type { WorldStream } from '../../../local/world-streams.ts';

const startAt = Date.UTC(2026, 2, 1);
const minuteMs = 60_000;
const window = { fromMs: 10 * minuteMs, toMs: 20 * minuteMs };
let clock: VirtualClock;
let injector: FaultInjector;
beforeEach(() => {
  clock = createVirtualClock({ startAt });
  injector = createFaultInjector(1);
});
afterEach(() => clock.close());

const primary = {
  name: 'cis',
  type: 'cis',
  id: 'new',
  functionName: 'collector',
  functionArn: 'arn:aws:lambda:eu-west-1:1:function:collector',
  settings: { table: 'streams' },
  destinations: [{ name: 's3', deliveryStream: 'cis-s3', quotaMiBPerSecond: 5 }],
} as unknown as WorldStream;
const witness = {
  ...primary,
  name: 'cis-witness',
  id: 'copy',
  functionArn: 'arn:aws:lambda:eu-west-1:1:function:witness',
  settings: { witnessOf: {} },
} as unknown as WorldStream;

function stageOf(world: object): FaultyStage {
  const stage = {
    world: { clock, ...world },
    streams: [primary],
    witnesses: [witness],
    ids: { of: ({ id }: WorldStream) => (id === 'new' ? ['old', 'new'] : [id]) },
  } as unknown as FaultyStage;
  injector.begin(stage);
  return stage;
}

/** Runs all timers up to so many minutes from the beginning. */
async function passTo(minutes: number): Promise<void> {
  clock.at(startAt + minutes * minuteMs, () => undefined);
  while (clock.now() < startAt + minutes * minuteMs) await clock.advance();
}

describe('a source', () => {
  const collect = (streamId: string, minutes: number) =>
    ({ operation: 'collect', type: 'cis', streamId, at: startAt + minutes * minuteMs }) as CallInfo;

  test('is slow by size in its window, and never for a witness', () => {
    const windows = createSourceWindows(injector, { slowBySize: { ...window, events: 50 } });
    windows.begin(stageOf({}));
    expect(windows.planOf(collect('new', 9))).toEqual({});
    expect(windows.planOf(collect('new', 10))).toEqual({
      slowBySize: { events: 50, cause: 'source slow by size' },
    });
    expect(windows.planOf(collect('copy', 10))).toEqual({});
    expect(windows.planOf(collect('new', 20))).toEqual({});
    expect(injector.befell(primary)).toEqual({ 'source slow by size': 1 });
  });

  test('repeats its answers in its window, also to a witness', () => {
    const windows = createSourceWindows(injector, { repeats: window });
    windows.begin(stageOf({}));
    for (const id of ['new', 'copy']) expect(windows.planOf(collect(id, 15))).toEqual({ repeat: true });
    expect(windows.planOf({ ...collect('new', 15), operation: 'token' })).toEqual({});
  });

  test('a replaced stream is said to be empty from its first call on, also when all other faults are over', () => {
    const windows = createSourceWindows(injector, { emptyWhenReplacedMs: 60 * minuteMs });
    windows.begin(stageOf({}));
    injector.end();
    expect(windows.planOf(collect('new', 40))).toEqual({});
    expect(windows.planOf(collect('old', 40))).toEqual({ empty: true });
    expect(windows.planOf(collect('old', 99))).toEqual({ empty: true });
    expect(windows.planOf(collect('old', 100))).toEqual({});
  });
});

describe('by hand', () => {
  const definition = {
    name: 'collector',
    arn: primary.functionArn,
    timeoutSeconds: 300,
    version: '$LATEST',
  } as FunctionDefinition;
  const registry = () => {
    const functions = new FunctionRegistry();
    functions.put(definition);
    functions.put({ ...definition, name: 'witness', arn: witness.functionArn });
    return functions;
  };
  const secondsOf = (functions: FunctionRegistry) =>
    functions.find(primary.functionArn).definition.timeoutSeconds;

  test('the timeout of a function is changed for a while', async () => {
    const functions = registry();
    changeByHand(injector, { timeout: { ...window, seconds: 120 } }, stageOf({ lambda: { functions } }));
    expect(secondsOf(functions)).toBe(300);
    await passTo(10);
    expect(secondsOf(functions)).toBe(120);
    await passTo(20);
    expect(secondsOf(functions)).toBe(300);
    expect(injector.befell(primary)).toEqual({ 'timeout below the setting': 1 });
  });

  test('a value that a deployment has set meanwhile stays', async () => {
    const functions = registry();
    changeByHand(injector, { timeout: { ...window, seconds: 600 } }, stageOf({ lambda: { functions } }));
    await passTo(10);
    functions.put({ ...definition, timeoutSeconds: 400 });
    await passTo(20);
    expect(secondsOf(functions)).toBe(400);
    expect(injector.befell(primary)).toEqual({ 'timeout above the setting': 1 });
  });

  test('Firehose accepts less for a while', async () => {
    const quotas: number[] = [];
    const firehose = {
      names: ['cis-s3'],
      setQuota: (_: string, mebibytes: number) => quotas.push(mebibytes),
    };
    changeByHand(injector, { lessQuota: { ...window, mebibytesPerSecond: 0.01 } }, stageOf({ firehose }));
    await passTo(20);
    expect(quotas).toEqual([0.01, 5]);
  });
});

describe('the table', () => {
  const key = (item: string) => ({ stream: { S: 'cis' }, item: { S: item } });
  const tableOf = (...items: readonly object[]) => {
    const held = new Map<string, object>();
    const keyOf = (item: object) => (item as ReturnType<typeof key>).item.S;
    for (const item of items) held.set(keyOf(item), item);
    return {
      held,
      call: async (operation: string, { Key, Item }: { readonly Key?: object; readonly Item?: object }) => {
        if (operation === 'DeleteItem') held.delete(keyOf(Key!));
        if (operation === 'PutItem') held.set(keyOf(Item!), Item!);
        return { Items: [...held.values()] };
      },
    };
  };
  const restore = { rememberMs: 10 * minuteMs, restoreMs: 30 * minuteMs, call: 2 };
  const lambda = {
    sandboxes: () => [{ id: 'a', functionName: 'collector', accessKeyId: 'key', requestId: 'request' }],
  };
  const call = { service: 's3', operation: 'PutObject', accessKeyId: 'key' } as AwsCall;

  test('is put back with a call of a collector, and forgets what was recorded since and when it was audited', async () => {
    const dynamodb = tableOf(
      { ...key('META'), auditedAt: { N: '5' }, auditing: { S: 'a' }, totals: { N: '1' } },
      key('OPEN#1'),
      key('KEPT#1'),
      key('REGISTER'),
    );
    const table = createTableRestore(injector, restore);
    table.begin(stageOf({ dynamodb, lambda }));
    await passTo(10);
    dynamodb.held.clear();
    for (const item of [key('META'), key('OPEN#2'), key('RUN#1'), key('KEPT#2'), key('REGISTER'), key('NEW')])
      await dynamodb.call('PutItem', { Item: item });
    expect(table.interfere(call)).toBeUndefined();
    await passTo(30);
    expect([0, 1].map(() => table.interfere(call))).toEqual([undefined, undefined]);
    expect(table.interfere({ ...call, accessKeyId: 'other' })).toBeUndefined();
    expect(table.over(clock.now())).toBe(false);

    const before = clock.now();
    await table.interfere(call)!.before!();
    const { restoredAt } = dynamodb.held.get('META') as { readonly restoredAt: { readonly N: string } };
    expect(Number(restoredAt.N)).toBeGreaterThanOrEqual(before);
    expect(Number(restoredAt.N)).toBeLessThanOrEqual(clock.now());

    expect(Object.fromEntries(dynamodb.held)).toEqual({
      META: { ...key('META'), totals: { N: '1' }, restoredAt },
      'OPEN#1': key('OPEN#1'),
      // Of a kept delivery stream: a restore neither puts it back nor deletes it.
      'KEPT#2': key('KEPT#2'),
      REGISTER: key('REGISTER'),
      NEW: key('NEW'),
    });
    expect(table.interfere(call)).toBeUndefined();
    expect(injector.befell(primary)).toEqual({ 'table put back under living runs': 1 });
    expect(table.over(clock.now())).toBe(false);
    expect(table.over(clock.now() + 11 * minuteMs)).toBe(true);
  });

  test('forgets losses from a run before the remembered state to a run after the restore', async () => {
    const table = createTableRestore(injector, restore);
    table.begin(stageOf({ dynamodb: tableOf(key('META')), lambda: { sandboxes: () => [] } }));
    // No collector calls, so it is put back five minutes later.
    await passTo(36);
    const minutes = [-6, -5, 40, 49, 51];
    expect(minutes.map((minute) => table.forgets(startAt + minute * minuteMs))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  test('is never put back where no plan says so', () => {
    const table = createTableRestore(injector, undefined);
    table.begin(stageOf({}));
    expect([table.interfere(call), table.over(0), table.forgets(startAt)]).toEqual([undefined, true, false]);
  });
});

test('a process whose credentials have expired is replaced when its own invocation has ended, not with another', () => {
  let alive = ['old', 'other'];
  let busy = ['old'];
  const expired: string[] = [];
  const lambda = {
    sandboxes: () => alive.map((accessKeyId) => ({ accessKeyId, functionName: 'collector' })),
    recycle: async () => {
      alive = alive.filter((key) => busy.includes(key));
    },
  };
  stageOf({ lambda, identities: { expire: (key: string) => expired.push(key) } });

  injector.expire('old', primary);
  injector.ended('collector');
  expect([expired, alive]).toEqual([['old'], ['old']]);

  busy = [];
  injector.ended('witness');
  expect(alive).toEqual(['old']);
  injector.ended('collector');
  expect(alive).toEqual([]);

  alive = ['new'];
  injector.ended('collector');
  expect(alive).toEqual(['new']);
});
