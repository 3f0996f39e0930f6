import { createHash } from 'node:crypto';
import type { AwsCall } from '@mosaic-relay/cdk-loopback';
import type { GcsFaults } from '@mosaic-relay/siem-receivers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { streamOf } from '../../../cli/access/deployed-relay.ts';
import { replay } from '../../../cli/replay/replay.ts';
import type { ReplaySource } from '../../../cli/replay/waiting.ts';
import { eventId } from '../../../functions/collector/answers/event-id.ts';
import { deployedRelay } from '../../../local/run/deployed-relay.ts';
import { viewKey } from '../../../local/view-keys.ts';
import { analystsKey, type HostileEvents, hostileEvents } from './hostile-events.ts';
import { createLeakScan } from './leak-scan.ts';
import { openViewedStage, unviewed, type ViewedStage, viewed } from './viewed-stage.ts';

/** Everything that was ever planted, and the one stage that all of it goes through, one fault after the other. */
const planted: HostileEvents[] = [];
const others: string[] = [];
let stage: ViewedStage;
beforeAll(async () => {
  stage = await openViewedStage();
});
afterEach(() => {
  stage.wrong.call = undefined;
  stage.wrong.firehose = {};
});
afterAll(() => stage?.close());

const refused = { status: 503, code: 'ServiceUnavailable', message: 'Try again.' } as const;

describe('with every fault, what both views show arrives everywhere', () => {
  test('where nothing fails', async () => {
    await send(15);
    for (const name of [unviewed, ...viewed]) expect(await numbersAt(name)).toEqual(shown());
    const [{ dropped }] = planted as [HostileEvents];
    for (const n of dropped) expect((await allNumbersAt('lake')).has(n)).toBe(false);
  });

  const secret = (value: object) => () => stage.world.secrets.put(analystsKey, JSON.stringify(value));
  test.each<readonly [string, string, () => unknown]>([
    ['may not be read', 'ViewKeyUnreadable', () => deny()],
    ['is short', 'ViewKeyMalformed', secret({ id: 'p1', key: Buffer.alloc(31).toString('base64') })],
    ['is no base64', 'ViewKeyMalformed', secret({ id: 'p1', key: `${'A'.repeat(60)}!` })],
    ['has no id', 'ViewKeyMalformed', secret({ key: Buffer.alloc(32).toString('base64') })],
    ['is no JSON', 'ViewKeyMalformed', () => stage.world.secrets.put(analystsKey, 'p1:0000')],
    ['is gone', 'ViewKeyUnreadable', () => stage.world.secrets.remove(analystsKey)],
  ])('a destination whose key %s waits, and others go on', async (_, code, breakKey) => {
    breakKey();
    await newProcess();
    const before = { lake: stage.puts('lake'), ...putsOfOthers(), reasons: stage.told(code) };
    await send(6);

    expect(stage.puts('lake')).toBe(before.lake);
    for (const [name, puts] of Object.entries(putsOfOthers()))
      expect([name, puts]).toEqual([name, expect.toSatisfy((now) => now > before[name as 'raw'])]);
    expect(stage.told(code)).toBeGreaterThan(before.reasons);
  });

  test('a key that is whole again, by which everything that waited is delivered', async () => {
    const { id, secret: bytes } = viewKey(analystsKey);
    const key = Buffer.from(bytes).toString('base64');
    stage.world.secrets.put(analystsKey, JSON.stringify({ id, key }));
    await newProcess();
    await expectAll();
  });

  test('a bucket that keeps no view', async () => {
    const before = stage.puts('lake');
    stage.wrong.call = ({ operation, resource }) =>
      operation === 'PutObject' && resource.includes('/views/')
        ? { skipEffect: true, outcome: refused }
        : undefined;
    await newProcess();
    await send(15);
    expect(stage.puts('lake')).toBe(before);
    stage.wrong.call = undefined;
    await expectAll();
  });

  test('a process that is killed behind each put, whose batches are delivered again with the same ids', async () => {
    let kills = 3;
    stage.wrong.call = (call) => {
      if (call.operation !== 'PutRecordBatch' || kills === 0) return undefined;
      kills -= 1;
      return { after: async () => killCaller(call), outcome: 'reset' };
    };
    await send(45);
    expect(kills).toBe(0);
    stage.wrong.call = undefined;
    await expectAll();
    const lines = (await stage.lines('lake')).map((line) => JSON.parse(line));
    const ids = new Map<number, Set<string>>();
    for (const line of lines)
      ids.set(numberOf(line), (ids.get(numberOf(line)) ?? new Set()).add(line._relay.id));
    expect(lines.length).toBeGreaterThan(ids.size);
    for (const [n, of] of ids) expect([n, of.size]).toEqual([n, 1]);
  });

  test('a Firehose that refuses records and calls', async () => {
    let record = 0;
    let call = 0;
    stage.wrong.firehose = {
      refuseRecord: () => {
        record += 1;
        return record % 3 === 0 ? 'InternalFailure' : undefined;
      },
      throttleCall: () => {
        call += 1;
        return call % 4 === 1;
      },
    };
    await send(15);
    stage.wrong.firehose = {};
    await expectAll();
  });

  test('destinations that refuse for hours, whose events a replay brings', async () => {
    const outside = stage.receivers.of('cis', 'outside')!.receiver.faults;
    const vendor = stage.receivers.of('cis', 'vendor')!.receiver.faults as GcsFaults;
    outside.down = true;
    vendor.bucketMissing = true;
    await send(120);
    outside.down = false;
    vendor.bucketMissing = false;
    await stage.pass(30);
    await bringBack(['firehose-errors']);
    await bringBack(['queues']);
    await bringBack(['journal'], 'vendor');
    await expectAll();
  });

  test('an S3 that refuses the journal, in whose place Firehose takes the batch', async () => {
    const before = stage.puts('lake');
    stage.wrong.call = ({ operation, resource }) =>
      operation === 'PutObject' && resource.includes('/journal/')
        ? { skipEffect: true, outcome: refused }
        : undefined;
    await send(15);
    expect(stage.puts('lake')).toBeGreaterThan(before);
    stage.wrong.call = undefined;
    await expectAll();
  });

  test('answers that go to quarantine, and events that no record holds', async () => {
    const { texts, hidden } = plant();
    const body = `[${texts.join(',')}]`;
    others.push(...hidden);
    planted.pop();
    await stage.answer(`{"events":${body}}`, 10);
    await stage.answer(body.slice(0, -40), 10);
    await stage.answer(`<p>${texts[0]}</p>`, 10);
    await bringBack(['quarantine']);
    await bringBack(['journal']);
    await stage.pass(15);
    await expectAll();
  });
});

test('nothing that a view hides is in anything that its destinations, Firehose, logs, metrics and tables got', async () => {
  const hidden = [...planted.flatMap((each) => each.hidden), ...others];
  expect(hidden.length).toBeGreaterThan(80);
  const scan = createLeakScan(hidden);
  const everything = await stage.everythingElse();
  const found = everything.flatMap(([where, bytes]) => scan(bytes).map((what) => `${what} in ${where}`));

  expect(found.slice(0, 20)).toEqual([]);
  const places = everything.map(([where]) => where);
  for (const part of [
    'PutRecordBatch',
    '/backup/cis/outside/',
    'object delivered/cis/lake/',
    'object views/cis/',
    'DeadLet',
    'UpdateItem',
    'log or invocation',
    'receiver',
    'metrics',
  ])
    expect(places.find((where) => where.includes(part)) ?? `nothing of ${part}`).toContain(part);
  // The search itself finds all of it where nothing is hidden.
  const seen = new Set((await stage.lines(unviewed)).flatMap((line) => scan(Buffer.from(line))));
  for (const { hidden: values, oversized } of planted.slice(0, 1)) {
    const texts = values.filter(
      (value) => value.length < 100 && !oversized.some((n) => value.includes(`.${n}@`)),
    );
    const lacking = texts.filter((value) => ![...seen].some((form) => form.includes(value.slice(0, 40))));
    expect(lacking).toEqual([]);
  }
});

test('no id gives an event away: neither the id of its raw bytes, nor one of 256 trials of a hidden byte', async () => {
  const ids = new Set<string>();
  for (const name of viewed)
    for (const line of await stage.lines(name)) {
      const { _relay, fields } = JSON.parse(line);
      ids.add(_relay?.id ?? fields.event_id);
    }
  const trials = planted
    .flatMap(({ texts }) => texts)
    .flatMap((text) => {
      const bytes = Buffer.from(text);
      const at = bytes.indexOf('198.51.');
      if (at === -1 || bytes.length > 10_000) return [eventId('cis', bytes)];
      const end = at + bytes.subarray(at).indexOf('"') - 3;
      return [...Array(256).keys()].map((octet) =>
        eventId(
          'cis',
          Buffer.concat([bytes.subarray(0, end), Buffer.from(String(octet)), bytes.subarray(end + 3)]),
        ),
      );
    });
  const raw = new Set((await stage.lines(unviewed)).map((line) => JSON.parse(line)._relay.id));

  // The trials are the right ones: the destination that sees everything has such ids.
  expect(trials.filter((id) => raw.has(id)).length).toBeGreaterThan(50);
  expect(trials.filter((id) => ids.has(id))).toEqual([]);
  const unkeyed = (id: string) => createHash('sha256').update(id).digest('hex').slice(0, 32);
  expect([...raw].filter((id) => ids.has(unkeyed(id)))).toEqual([]);
});

function plant(): HostileEvents {
  const next = hostileEvents(1_000 + planted.length * 50 + others.length, stage.world.clock.now());
  planted.push(next);
  return next;
}

/** Lets Mosaic answer hostile events, and time pass. */
async function send(minutes: number): Promise<void> {
  await stage.answer(`[${plant().texts.join(' ,\n')}]`, minutes);
}

async function expectAll(): Promise<void> {
  await stage.pass(30);
  for (const name of [unviewed, ...viewed]) expect([name, await numbersAt(name)]).toEqual([name, shown()]);
}

/** Of the events that every view shows: those that a destination holds. */
async function numbersAt(destination: string): Promise<readonly number[]> {
  const held = await allNumbersAt(destination);
  return shown().filter((n) => held.has(n));
}

async function allNumbersAt(destination: string): Promise<ReadonlySet<number>> {
  return new Set((await stage.lines(destination)).map((line) => numberOf(JSON.parse(line))));
}

/** An event with a member `_relay` of its own stands within its line, and so does Splunk's. */
function numberOf(line: { readonly n?: number; readonly event?: { readonly n: number } }): number {
  return line.event?.n ?? line.n!;
}

function shown(): readonly number[] {
  return planted.flatMap((each) => each.shown);
}

function putsOfOthers() {
  return { raw: stage.puts('raw'), outside: stage.puts('outside'), vendor: stage.puts('vendor') };
}

function deny(): void {
  stage.wrong.call = ({ operation, input }) =>
    operation === 'GetSecretValue' && input.SecretId === analystsKey
      ? { skipEffect: true, outcome: { status: 400, code: 'AccessDeniedException', message: 'No.' } }
      : undefined;
}

/** A process reads its key once. */
async function newProcess(): Promise<void> {
  await stage.world.lambda.recycle(stage.stream.functionName);
}

function killCaller({ accessKeyId }: AwsCall): void {
  const sandbox = stage.world.lambda.sandboxes().find((one) => one.accessKeyId === accessKeyId);
  if (sandbox !== undefined) stage.world.lambda.kill(sandbox.id, 'killed');
}

async function bringBack(sources: readonly ReplaySource[], destination?: string): Promise<void> {
  const relay = deployedRelay(stage.world, 'test');
  try {
    const replaying = replay({
      relay,
      stream: streamOf(relay, 'cis'),
      sources,
      ...(destination === undefined ? {} : { destination }),
      rate: Number.POSITIVE_INFINITY,
    });
    // The clock must not jump while the replay is at work.
    await stage.world.clock.busy(replaying);
  } finally {
    relay.close();
  }
}
