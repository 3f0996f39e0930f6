import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { type AwsCall, type Interference, type LocalAws, startLocalAws } from '@mosaic-relay/cdk-loopback';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDynamoState } from '../../../../functions/collector/adapters/dynamo-state.ts';
import type { State } from '../../../../functions/collector/protocol/ports/state.ts';
import type { RunRecord } from '../../../../functions/stored/run-item.ts';
import { streamTable } from '../../../contracts/dynamo-subject.ts';

const start = Date.UTC(2026, 2, 1, 9);
const minute = 60_000;
const totals = { events: 7, batches: 1, sourceBytes: 700 };

let aws: LocalAws;
let interfere: (call: AwsCall) => Interference | undefined;

beforeAll(async () => {
  aws = await startLocalAws({ interfere: (call) => interfere(call) });
  await aws.dynamoDb.createTable('streams', streamTable);
});
afterAll(() => aws.close());
beforeEach(() => {
  interfere = () => undefined;
});

test('a lease whose answer was lost is granted by the client’s second write, and names the run that never ended', async () => {
  const state = stateOf('lost-lease');
  await state.meta.acquireLease({ run: 'a', startedAt: start, now: start, until: start + minute });
  loseOneAnswer('UpdateItem');
  const later = start + 2 * minute;
  const outcome = await state.meta.acquireLease({
    run: 'b',
    startedAt: later,
    now: later,
    until: later + minute,
  });
  const interrupted = { run: 'a', startedAt: start, until: start + minute };
  expect(outcome).toMatchObject({ granted: true, interrupted, neverEnded: 1, meta: { lease: interrupted } });
});

test('an end whose answer was lost is counted once and reported as written', async () => {
  const state = stateOf('lost-end');
  await state.meta.acquireLease({ run: 'a', startedAt: start, now: start, until: start + minute });
  loseOneAnswer('UpdateItem');
  expect(await state.meta.endRun(record('a'), totals, undefined)).toBe(true);
  expect(await state.meta.readMeta()).toMatchObject({ totals });
});

test('an open run, a record and a close whose answers were lost are as if they had not been', async () => {
  const state = stateOf('lost-writes');
  const open = { run: 'a', startedAt: start, sealAfter: start, done: { s3: 0 }, tries: {} };
  loseOneAnswer('PutItem');
  await state.openRuns.open(open);
  expect(await state.openRuns.listOpen()).toEqual([open]);
  loseOneAnswer('PutItem');
  await state.records.writeRecord(record('a'));
  expect(await state.records.readRecord(open)).toEqual(record('a'));
  loseOneAnswer('DeleteItem');
  await state.openRuns.close(open);
  expect(await state.openRuns.listOpen()).toEqual([]);
});

test('what lies beyond one page of a query is listed too', async () => {
  const state = stateOf('pages');
  // A page is at most 1 MB: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
  const code = 'c'.repeat(60_000);
  const runs = Array.from({ length: 20 }, (_, i) => `run-${String(i).padStart(2, '0')}`);
  for (const run of runs) await state.records.writeRecord({ ...record(run), code });
  aws.calls.length = 0;
  const listed = await state.records.listRecords({ from: start, to: start + 1 });
  expect(listed.map(({ run }) => run)).toEqual(runs);
  expect(aws.calls.filter(({ call }) => call.operation === 'Query').length).toBeGreaterThan(1);
});

test('only records expire, after the time that the settings give, and META stays under 2 KB', async () => {
  const state = stateOf('s'.repeat(64));
  const run = 'r'.repeat(36);
  await state.meta.acquireLease({ run, startedAt: start, now: start, until: start + minute });
  await state.openRuns.open({ run, startedAt: start, sealAfter: start, done: { s3: 0 }, tries: {} });
  await state.records.writeRecord(record(run));
  const asking = { batchSize: 1_000, ceiling: { batchSize: 1_000, until: start } };
  await state.meta.endRun(record(run), { events: 1e15, batches: 1e12, sourceBytes: 1e15 }, asking);
  await state.meta.beginAudit(run);
  await state.meta.endAudit(run, start);
  await state.meta.beginAudit(run);
  const again = 'q'.repeat(36);
  await state.meta.acquireLease({ run: again, startedAt: start, now: start, until: start + minute });

  const { Items } = await aws.dynamoDb.call('Query', {
    TableName: 'streams',
    KeyConditionExpression: '#stream = :stream',
    ExpressionAttributeNames: { '#stream': 'stream' },
    ExpressionAttributeValues: marshall({ ':stream': 's'.repeat(64) }),
  });
  const items = Items as readonly Record<string, { readonly S?: string; readonly N?: string }>[];
  const expiry = (item: string) => items.find((each) => each.item?.S?.startsWith(item))?.expiresAt?.N;
  expect([expiry('META'), expiry('OPEN#')]).toEqual([undefined, undefined]);
  expect(Number(expiry('RUN#'))).toBe(start / 1000 + 37 * 86_400);
  expect(JSON.stringify(items.find(({ item }) => item?.S === 'META')).length).toBeLessThan(2_000);
});

test('metadata that the stream lifecycle wrote first is kept by a run', async () => {
  await aws.dynamoDb.call('PutItem', {
    TableName: 'streams',
    Item: marshall({
      stream: 'opened',
      item: 'META',
      type: 'cis',
      streamId: 'relay-cis-2',
      retiring: [{ streamId: 'relay-cis', since: start }],
      opened: { managed: true },
    }),
  });
  const state = stateOf('opened');
  const outcome = await state.meta.acquireLease({
    run: 'a',
    startedAt: start,
    now: start,
    until: start + minute,
  });
  expect(outcome).toMatchObject({ granted: true, meta: { streamId: 'relay-cis-2' }, interrupted: undefined });
  await state.meta.endRun(record('a'), totals, undefined);
  expect(await state.meta.readMeta()).toMatchObject({
    streamId: 'relay-cis-2',
    retiring: [{ streamId: 'relay-cis', since: start }],
    totals,
  });
});

function stateOf(streamName: string): State {
  return createDynamoState({
    client: new DynamoDBClient(aws.client),
    tableName: 'streams',
    streamName,
    streamId: 'relay-cis',
    type: 'cis',
    recordSeconds: 37 * 86_400,
  });
}

/** The next call of this kind is done, and its connection reset before the answer. */
function loseOneAnswer(operation: string): void {
  interfere = (call) => {
    if (call.operation !== operation) return undefined;
    interfere = () => undefined;
    return { outcome: 'reset' };
  };
}

function record(run: string): RunRecord {
  return {
    run,
    startedAt: start,
    endedAt: start + minute,
    outcome: 'out-of-time',
    code: 'JournalRefused',
    lastNumber: 123_456,
    caution: true,
    newestEventAt: start,
    batches: 3,
    fullAnswers: 1,
    shortAnswers: 2,
    emptyAnswers: 1,
    events: 2_500,
    sourceBytes: 3_000_000,
    billedBytes: 3_072_000,
    collectMs: 450,
    journalMs: 90,
    deliverMs: 120,
    lost: 0,
    possibleLoss: 0,
  };
}
