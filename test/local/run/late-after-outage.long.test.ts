import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventId } from '../../../functions/collector/answers/event-id.ts';
import { isLateEvent } from '../../../functions/collector/delivery/late-events.ts';
import type { DestinationComparison, StreamComparison } from '../../../local/run/comparison.ts';
import { readDeliveredLine } from '../../../local/run/delivered-line.ts';
import { openLocalStage } from '../../../local/run/local-stage.ts';
import type { LocalStage } from '../../../local/run/opened-stage.ts';
import { readOutcomes } from '../../../local/run/outcomes.ts';
import { redriveAll } from '../../../local/run/redrive-all.ts';
import { runUntilSettled } from '../../../local/run/run-until-settled.ts';
import { watchRun } from '../../../local/run/watch.ts';
import { inSilence } from './in-silence.ts';

const hourMs = 3_600_000;
const outageHours = 30;
const eventsPerHour = 20;

let folder: string;
let stage: LocalStage;
let run: Awaited<ReturnType<typeof runThroughOutage>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-late-'));
  stage = await openStage(folder);
  run = await runThroughOutage(stage);
});
afterAll(async () => {
  await stage?.close();
  await rm(folder, { recursive: true, force: true });
});

test('after 30 hours without Splunk and Dynatrace, S3 and Splunk lack nothing, and Dynatrace what is too old for it', async () => {
  const { comparison } = await compared();

  const total = eventsPerHour * (outageHours + 2);
  expect(run.redriveFailures).toEqual([]);
  expect(run.tooOld.length).toBeGreaterThan(eventsPerHour);
  expect(run.tooOld.length).toBeLessThan(12 * eventsPerHour);
  expect(comparison).toMatchObject({ generated: total, delivered: total, missing: 0, late: 0 });
  expect(at(comparison, 's3')).toMatchObject({ delivered: total, missing: 0, late: 0 });
  expect(at(comparison, 'splunk')).toMatchObject({ delivered: total, missing: 0, late: 0 });
  const dynatrace = at(comparison, 'dynatrace');
  expect(dynatrace).toMatchObject({ delivered: total - run.tooOld.length, missing: 0 });
  expect(dynatrace.lateIds.toSorted()).toEqual(run.tooOld.toSorted());
});

test('the same events are missing where the replay has told nobody that it left them out', async () => {
  const { comparison } = await compared({ leftOut: undefined });

  expect(at(comparison, 'dynatrace')).toMatchObject({ missing: run.tooOld.length, late: 0 });
  expect(comparison.missing).toBe(run.tooOld.length);
});

function compared(differing: { readonly leftOut?: undefined } = {}) {
  const { world, streams, source, receivers } = stage;
  const { leftOut } = run;
  return readOutcomes({
    ...{ world, streams, receivers, folder, generated: source.rawEvents, leftOut },
    ...differing,
  }).then(([outcome]) => outcome!);
}

function at({ destinations }: StreamComparison, kind: string): DestinationComparison {
  return destinations.find((one) => one.kind === kind)!;
}

/** One stream to three destinations, collected every hour. */
async function openStage(place: string): Promise<LocalStage> {
  const settings = join(place, 'stages.mjs');
  const written = JSON.stringify(join(import.meta.dirname, '../../../infra/config/stages.ts'));
  await writeFile(
    settings,
    `import { stages as written } from ${written};
const secret = (name) => 'arn:aws:secretsmanager:us-east-1:111122223333:secret:' + name + '-AbCdEf';
const destinations = [
  { kind: 's3' },
  { kind: 'splunk', endpoint: 'https://splunk.example.com:8088', secret: secret('splunk'), index: 'mosaic' },
  { kind: 'dynatrace', environment: 'https://abc12345.live.dynatrace.com', secret: secret('dynatrace') },
];
const streams = written.dev.streams
  .filter(({ type }) => type === 'admin')
  .map((stream) => ({ ...stream, every: '1 hour', destinations }));
const { views, ...dev } = written.dev;
export const stages = { dev: { ...dev, streams } };
`,
  );
  return openLocalStage({
    ...inSilence(),
    stage: 'dev',
    settings,
    types: ['admin'],
    seed: 3,
    source: [],
    world: { lambda: { skipSleeps: true } },
  });
}

async function runThroughOutage({ world, source, streams, receivers }: LocalStage) {
  const { clock } = world;
  const [stream] = streams as [(typeof streams)[number]];
  const start = clock.now();
  const faults = ['splunk', 'dynatrace'].map((name) => receivers.of(stream.name, name)!.receiver.faults);
  const setDown = (down: boolean) => () => {
    for (const one of faults) one.down = down;
  };
  const raise = () => source.generate(streams, eventsPerHour, hourMs);
  raise();
  for (let hour = 1; hour < outageHours + 2; hour += 1) clock.at(start + hour * hourMs, raise);
  clock.at(start + 1.5 * hourMs, setDown(true));
  clock.at(start + (1.5 + outageHours) * hourMs, setDown(false));
  world.startSchedules((one) => streams.includes(one));
  const watch = watchRun({ world, streams, source });
  const settle = () =>
    runUntilSettled(clock, watch, async () => clock.now() > start + (outageHours + 2) * hourMs);
  await settle();

  const { ages } = stream.destinations.find(({ name }) => name === 'dynatrace')!;
  const arrived = new Set<string>();
  await receivers
    .of(stream.name, 'dynatrace')!
    .receiver.eachLine((line) => arrived.add(readDeliveredLine(line)!.id));
  const late = [...source.rawEvents(stream)].filter((raw) => isLateEvent(raw, ages!, clock.now()));
  const tooOld = late.map((raw) => eventId(stream.type, raw)).filter((id) => !arrived.has(id));
  const { context } = inSilence();
  const { leftOut, failures } = await redriveAll(settle, { world, stage: 'dev', streams, context });
  return { tooOld, leftOut, redriveFailures: failures };
}
