import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { everyKind } from './every-kind.ts';
import { type StageOnThisMachine, stageOnThisMachine } from './start.ts';

let stage: StageOnThisMachine;
beforeAll(async () => {
  stage = await stageOnThisMachine(everyKind);
});
afterAll(() => stage.remove());

test('every kind has every event once, by the protocol of its own', async () => {
  const { code, report, out, stderr } = await stage.start(
    '--stage test --types cis,verify,admin --events 40',
  );
  expect(stderr).not.toMatch(/refused|failed/);
  expect(code).toBe(0);
  const found = report.streams.flatMap(({ destinations }) =>
    destinations.map(({ name, delivered, missing, duplicates }) => ({
      name,
      delivered,
      missing,
      duplicates,
    })),
  );
  const exact = { delivered: 40, missing: 0, duplicates: 0 };
  expect(found.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
    [
      'datadog',
      'datadog',
      'dynatrace',
      'elastic',
      'gcs',
      'gcs',
      'newRelic',
      'openSearch',
      's3',
      'sentinel',
      'serverless',
      'sumoLogic',
    ].map((name) => ({ name, ...exact })),
  );
  // Two buckets of Google's at one address, and two streams at one Datadog, are kept apart.
  const files = await readdir(out, { recursive: true });
  const hosts = files.filter((name) => /datadog|events-of-/.test(name) && /ndjson/.test(name));
  expect(hosts.filter((name) => name.endsWith('.ndjson'))).toHaveLength(2);
  expect(hosts.some((name) => name.startsWith('events-of-two/delivered/two/gcs/'))).toBe(true);
  expect(hosts.some((name) => name.startsWith('events-of-three/delivered/three/gcs/'))).toBe(true);
});
