import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliveredLines } from '../../../functions/stored/delivered-object.ts';
import { alertsOf, type ReadEvent } from '../../content/alerts-of.ts';
import { longTest } from '../../long-run.ts';
import { type StageOnThisMachine, stageOnThisMachine } from './start.ts';

let stage: StageOnThisMachine;
beforeAll(async () => {
  const of = (type: 'cis' | 'admin') => ({ name: type, id: `relay-${type}`, type, every: '5 minutes' });
  stage = await stageOnThisMachine({
    environment: 'sandbox',
    secret: 'mosaic-siem-relay/dev',
    terminationProtection: false,
    streams: [of('cis'), of('admin')],
  });
});
afterAll(() => stage.remove());

test('a detection fires on what is delivered of a story with its attack, and no other does', async () => {
  const { code, report, out } = await stage.start(
    '--types cis,admin --story --hours 2 --attack spraying@08:30 --attack policy-push@09:10',
  );
  const events = await eventsIn(out);

  expect(code).toBe(0);
  expect(report.streams.map(({ type, missing }) => ({ type, missing }))).toEqual([
    { type: 'cis', missing: 0 },
    { type: 'admin', missing: 0 },
  ]);
  expect(events.length).toBe(report.streams.reduce((sum, { generated }) => sum + generated, 0));
  expect(events.length).toBeGreaterThan(60);
  const names = ['spraying', 'policy-push', 'one-address', 'lockouts', 'takeover', 'tenant-settings'];
  expect(names.filter((name) => alertsOf(name, events) > 0)).toEqual(['spraying', 'policy-push']);
});

longTest('no detection fires on a story in which nobody attacks', async () => {
  const { code, out } = await stage.start('--types cis,admin --story --hours 2');
  const events = await eventsIn(out);

  expect(code).toBe(0);
  expect(events.length).toBeGreaterThan(20);
  expect(['spraying', 'policy-push', 'one-address'].filter((name) => alertsOf(name, events) > 0)).toEqual([]);
});

/** The events of the delivered objects, each with its type. */
async function eventsIn(out: string): Promise<ReadEvent[]> {
  const files = (await readdir(out, { recursive: true })).filter((name) => name.endsWith('.ndjson.gz'));
  return files
    .flatMap((name) => [...deliveredLines(readFileSync(join(out, name)))])
    .map((line) => JSON.parse(String(line)) as ReadEvent & { readonly _relay: { readonly type: string } })
    .map((event) => ({ ...event, type: event._relay.type }));
}
