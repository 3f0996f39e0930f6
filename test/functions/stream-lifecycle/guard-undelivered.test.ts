import { beforeEach, describe, expect, test } from 'vitest';
import { readUnfinishedRun, type UnfinishedRun, writeOpenRun } from '../../../functions/stored/open-item.ts';
import { dayMs } from '../../../functions/stored/utc-day.ts';
import { perform } from '../../../functions/stream-lifecycle/perform.ts';
import type { LifecycleRequest } from '../../../functions/stream-lifecycle/request.ts';
import { responseBody } from '../../../functions/stream-lifecycle/response.ts';
import { lifecycleRequest, type MemoryStack, memoryPorts, memoryStack } from './memory-mosaic.ts';

const now = Date.UTC(2026, 2, 31, 8);
let runs: UnfinishedRun[];
let waiting: { readonly key: string; readonly writtenAt: number } | undefined;
let stack: MemoryStack;

beforeEach(() => {
  runs = [];
  waiting = undefined;
  stack = memoryStack();
});

const before = {
  Streams: ['cis', 'risk'],
  Deliveries: ['cis/s3', 'cis/splunk', 'risk/s3'],
  JournalDays: '30',
  QuarantineDays: '90',
};

function request(type: LifecycleRequest['RequestType'], changes: object, from: object = before) {
  return {
    ...lifecycleRequest(type),
    ResourceType: 'Custom::Undelivered',
    PhysicalResourceId: type === 'Create' ? undefined : 'undelivered',
    ResourceProperties: { ...before, ...changes },
    ...(type === 'Update' ? { OldResourceProperties: { ...from } } : {}),
  };
}

const ask = (asked: LifecycleRequest) =>
  perform(
    asked,
    memoryPorts({
      stack,
      unfinished: { list: async () => runs },
      waiting: { oldest: async () => waiting },
      now: () => now,
    }),
  );
const update = (changes: object) => ask(request('Update', changes));

/** A run of so many days ago whose batches 1 to 3 the destinations have as far as `done` says. */
function open(stream: string, days: number, done: Readonly<Record<string, number>>): void {
  const startedAt = now - days * dayMs;
  const item = writeOpenRun({
    run: `${stream}-${days}`,
    startedAt,
    sealAfter: startedAt,
    done,
    tries: {},
    lastNumber: 3,
    counted: true,
  });
  runs.push(readUnfinishedRun({ ...item, stream }));
}

const withoutCis = { Streams: ['risk'], Deliveries: ['risk/s3'] };
const renamed = { Streams: ['risk', 'sign-ins'], Deliveries: ['risk/s3', 'sign-ins/s3', 'sign-ins/splunk'] };
const done = { kind: 'done', data: { StaysBehind: 'nothing' } };

describe('a stream that leaves the settings', () => {
  test('with undelivered batches is refused, with the three ways out', async () => {
    open('cis', 3, { s3: 3, splunk: 1 });
    open('cis', 2, { s3: 3, splunk: 0 });
    expect(await update(renamed)).toEqual({
      kind: 'failed',
      reason: expect.stringMatching(
        /-c undelivered=leave.*leaves the settings.*: cis \(2 runs.*oldest of 2026-03-28\).*was: 'cis'.*relay pause cis/,
      ),
    });
  });

  test('with everything delivered may go, and so may one that lacks at a removed destination alone', async () => {
    open('cis', 2, { s3: 3, splunk: 3, removed: 0 });
    open('risk', 2, { s3: 0 });
    expect(await update(withoutCis)).toMatchObject({ kind: 'done' });
  });

  test('may go where the operator says so, and what stays behind is told', async () => {
    open('cis', 2, { s3: 0 });
    expect(await update({ ...withoutCis, Leave: 'true' })).toMatchObject({
      data: { StaysBehind: 'cis: 1 run that is not delivered, of 2026-03-29' },
    });
  });

  test('may go in a rollback, which must not fail, whatever the table and the bucket say', async () => {
    open('cis', 2, { s3: 0 });
    stack.rollingBack = true;
    expect(await update(withoutCis)).toMatchObject({ kind: 'done' });
    const silent = async () => Promise.reject(new Error('TooManyObjects'));
    const ports = memoryPorts({
      stack,
      unfinished: { list: silent },
      waiting: { oldest: silent },
      now: () => now,
    });
    const back = request('Update', { ...withoutCis, QuarantineDays: '7' });
    expect(await perform(back, ports)).toMatchObject({ kind: 'done', data: { StaysBehind: 'not known' } });
  });

  test('is refused with the others that leave, in an answer that is not cut', async () => {
    const names = ['cis', 'admin', 'risk', 'verify', 'cis-of-the-test-tenant', 'risk-of-the-test-tenant'];
    const all = { ...before, Streams: names, Deliveries: names.map((name) => `${name}/s3`) };
    for (const name of names) open(name, 2, { s3: 0 });
    const asked = request('Update', { Streams: [], Deliveries: [] }, all);
    const { Reason } = JSON.parse(responseBody(asked, await ask(asked)));
    for (const said of ['undelivered=leave', ...names, 'deploy again.']) expect(Reason).toContain(said);
  });

  test('is refused while a run may still be at work', async () => {
    const alive = { run: 'r', startedAt: now, sealAfter: now + 600_000, done: { s3: 2 }, tries: {} };
    runs.push(
      readUnfinishedRun({ ...writeOpenRun({ ...alive, lastNumber: 2, counted: false }), stream: 'cis' }),
    );
    expect(await update(withoutCis)).toMatchObject({ kind: 'failed' });
  });
});

describe('shorter limits', () => {
  test('of the journal are refused while an undelivered batch is older than they allow, with the days that do', async () => {
    open('cis', 10.5, { s3: 0 });
    expect(await update({ JournalDays: '7' })).toMatchObject({
      reason: expect.stringMatching(/journalDays cannot become 7: cis has 1 run.*give 12 or more/),
    });
    expect(await update({ JournalDays: '12' })).toEqual({ ...done, physicalId: 'undelivered' });
  });

  test('of the journal leave what is younger a day at least', async () => {
    open('cis', 6.1, { s3: 0 });
    expect(await update({ JournalDays: '7' })).toMatchObject({ kind: 'failed' });
    runs = [];
    open('cis', 5.9, { s3: 0 });
    expect(await update({ JournalDays: '7' })).toMatchObject({ kind: 'done' });
  });

  test('of one day are possible on a stage that delivers', async () => {
    open('cis', 0.1, { s3: 0 });
    expect(await update({ JournalDays: '1', QuarantineDays: '1' })).toMatchObject({ kind: 'done' });
  });

  test('of the journal are not refused for what nobody can deliver, or what has expired', async () => {
    open('gone', 10, { s3: 0 });
    open('cis', 10, { s3: 3, splunk: 3, removed: 0 });
    open('risk', 40, { s3: 0 });
    expect(await update({ JournalDays: '7' })).toMatchObject({ kind: 'done' });
  });

  test('of the quarantine are refused while something older waits for a replay', async () => {
    waiting = { key: 'backup/cis/splunk/splunk-failed/a', writtenAt: now - 40 * dayMs };
    expect(await update({ QuarantineDays: '30' })).toMatchObject({
      reason: expect.stringMatching(
        /cannot become 30: backup\/cis\S+ waits since 2026-02-19.*give 41 or more/,
      ),
    });
    expect(await update({ QuarantineDays: '41' })).toMatchObject(done);
  });

  test('are all refused in one answer, which fits into a response', async () => {
    open('cis', 29, { s3: 0 });
    waiting = { key: 'quarantine/cis/a', writtenAt: now - 80 * dayMs };
    const asked = request('Update', { ...renamed, JournalDays: '1', QuarantineDays: '1' });
    const { Reason, PhysicalResourceId } = JSON.parse(responseBody(asked, await ask(asked)));
    expect(Reason).toMatch(/undelivered=leave.*leaves the settings.*journalDays.*quarantineDays/);
    expect(PhysicalResourceId).toBe('undelivered');
  });

  test('that become longer, or stay, ask nothing', async () => {
    open('cis', 29.5, { s3: 0 });
    waiting = { key: 'quarantine/cis/a', writtenAt: 0 };
    expect(await update({ JournalDays: '31' })).toMatchObject(done);
    expect(await update({})).toMatchObject(done);
  });
});

describe('a stage', () => {
  test('that has no such resource yet, or loses it, is not held up', async () => {
    open('cis', 29.5, { s3: 0 });
    expect(await ask(request('Create', {}))).toMatchObject(done);
    expect(await ask(request('Delete', {}))).toMatchObject(done);
    expect(await ask(request('Update', { JournalDays: '1' }, { Other: 'version' }))).toMatchObject(done);
  });

  test('tells at its first deploy with the resource what was left behind before', async () => {
    open('old', 5, { s3: 0 });
    expect(await ask(request('Create', {}))).toMatchObject({
      data: { StaysBehind: expect.stringContaining('old: 1 run') },
    });
  });
});
