import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StageOnThisMachine, stageOnThisMachine } from '../local/run/start.ts';

const settings = {
  environment: 'sandbox',
  secret: 'relay/test',
  terminationProtection: false,
  streams: [{ id: 'one', type: 'admin', every: '15 minutes' }],
} as const;

let witnessed: StageOnThisMachine;
let alone: StageOnThisMachine;
beforeAll(async () => {
  witnessed = await stageOnThisMachine({
    ...settings,
    streams: [{ ...settings.streams[0], witness: 'recover' }],
  });
  alone = await stageOnThisMachine(settings);
});
afterAll(() => Promise.all([witnessed.remove(), alone.remove()]));

test.each([4, 7])('with a witness nothing is lost to everything of seed %i', async (seed) => {
  const { code, report } = await witnessed.start(
    `--stage test --types admin --events 200 --seed ${seed} --faults everything`,
  );
  expect(report.streams).toMatchObject([{ generated: 200, delivered: 200, missing: 0 }]);
  expect(code).toBe(0);
  expect(Object.keys(report.streams[0]!.faults ?? {}).length).toBeGreaterThan(8);
});

test('without a witness whatever is lost was lost before it was journaled', async () => {
  const { code, report } = await alone.start(
    '--stage test --types admin --events 200 --seed 7 --faults everything --no-witness',
  );
  expect(code).toBe(0);
  const { generated, delivered, missing, quarantined, witnessed } = report.streams[0]!;
  expect(delivered + missing + quarantined).toBe(generated);
  expect(witnessed).toBe(0);
});
