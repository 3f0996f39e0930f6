import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeployedStream } from '../../../cli/access/deployed-relay.ts';
import { type ReplayOptions, replay } from '../../../cli/replay/replay.ts';
import { compileView, viewLabel } from '../../../functions/stored/compiled-view.ts';
import { keptViewKey, writeKeptView } from '../../../functions/stored/kept-view.ts';
import { collectedAt, type SmallRelay, startSmallRelay } from '../small-relay.ts';

const key = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:view-AbCdEf';
const view = compileView({
  activities: { drop: ['get_user'] },
  members: { user_id: 'pseudonym' },
  key,
});
const label = viewLabel('analysts', view);
const events = [
  '{"n":0,"user_id":"secret-user"}',
  '{"n":1,"activity":"get_user"}',
  '{"n":2,"user_id":"secret-user"}',
];

let small: SmallRelay;
/** `siem` sees events through the view, and `s3` sees everything. */
let stream: DeployedStream;
beforeEach(async () => {
  small = await startSmallRelay();
  stream = {
    ...small.stream,
    destinations: small.stream.destinations.map((each) =>
      each.name === 'siem' ? { ...each, view: label } : each,
    ),
  };
  small.aws.secrets.put(key, JSON.stringify({ id: 'p1', key: Buffer.alloc(32, 7).toString('base64') }));
  await small.bucket.put(keptViewKey('cis', label), { body: Buffer.from(writeKeptView(view)), metadata: {} });
});
afterEach(() => small.close());

function replayed(options: Partial<ReplayOptions> = {}) {
  return replay({
    relay: small.relay,
    stream,
    sources: ['journal'],
    rate: Number.POSITIVE_INFINITY,
    ...options,
  });
}

test('the journal goes through the view of today, marked, and another destination gets every byte', async () => {
  await small.collect([events]);

  const report = await replayed();

  await small.settle();
  expect(report.failed).toEqual([]);
  const seen = await small.linesAt('siem');
  expect(seen).toHaveLength(2);
  expect(seen[0]).toMatch(/^\{"n":0,"user_id":"p1:[\w-]{22}","_relay":/);
  expect(JSON.parse(seen[0]!)._relay).toMatchObject({ view: label, replayed: true });
  const raw = await small.linesAt('s3');
  expect(raw.map((line) => line.slice(0, line.indexOf(',"_relay"')))).toEqual(
    events.map((each) => each.slice(0, -1)),
  );
  expect(JSON.parse(raw[0]!)._relay.id).not.toBe(JSON.parse(seen[0]!)._relay.id);
});

test('a view that is not in the bucket, or whose key may not be read, sends nothing', async () => {
  await small.collect([events]);
  await small.bucket.remove(keptViewKey('cis', label));
  const notKept = await replayed({ destination: 'siem' });
  await small.bucket.put(keptViewKey('cis', label), { body: Buffer.from(writeKeptView(view)), metadata: {} });
  small.aws.secrets.put(key, '{"id":"p1","key":"c2hvcnQ="}');
  const malformed = await replayed({ destination: 'siem' });

  expect(notKept.failed.map(({ reason }) => reason)).toEqual([expect.stringContaining('ViewNotKept')]);
  expect(malformed.failed.map(({ reason }) => reason)).toEqual([expect.stringContaining('ViewKeyMalformed')]);
  expect(small.aws.calls.filter(({ call }) => call.service === 'firehose')).toEqual([]);
});

test('of what Firehose gave up, lines of today’s view go as they are, and others stay, with the command that brings their events', async () => {
  const lineBy = (n: number, by?: string) =>
    `{"n":${n},"_relay":${JSON.stringify({ type: 'cis', stream: 's', id: 'a'.repeat(32), collected_at: new Date(collectedAt).toISOString(), view: by })}}\n`;
  const lines = [lineBy(1, label), lineBy(2, 'analysts@00000000'), lineBy(3)];
  const body = Buffer.from(
    lines.map((line) => `{"rawData":"${Buffer.from(line).toString('base64')}"}`).join('\n'),
  );
  await small.bucket.put('backup/cis/siem/http-endpoint-failed/x', { body, metadata: {} });

  const report = await replayed({ sources: ['firehose-errors'] });

  await small.settle();
  expect((await small.linesAt('siem')).map((line) => JSON.parse(line).n)).toEqual([1]);
  const at = new Date(collectedAt).toISOString();
  expect(report.failed.map(({ reason }) => reason)).toEqual([
    `2 of its lines were made by another view than today's: replay --source journal --destination siem --from ${at} --to ${new Date(collectedAt + 1_000).toISOString()} brings their events`,
  ]);
  expect(await small.keys('backup/')).toHaveLength(1);
});
