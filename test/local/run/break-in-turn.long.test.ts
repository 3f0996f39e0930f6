import type { Followed } from '@mosaic-relay/cdk-loopback';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventTypes } from '../../../functions/collector/contract.ts';
import { breakInTurn } from '../../../local/run/breaking/break-in-turn.ts';
import { createBreakableDestinations } from '../../../local/run/breaking/breakable-destinations.ts';
import { openLocalStage } from '../../../local/run/local-stage.ts';
import type { LocalStage } from '../../../local/run/opened-stage.ts';
import { inSilence } from './in-silence.ts';

const minuteMs = 60_000;
const destinations = createBreakableDestinations();

let stage: LocalStage;
let followed: Followed;

beforeAll(async () => {
  stage = await openLocalStage({
    ...inSilence(),
    stage: 'dev',
    types: eventTypes,
    seed: 1,
    source: [],
    documentedOnly: true,
    world: { gateway: { interfere: destinations.interfere } },
  });
  const { world, source, streams } = stage;
  followed = stage.metrics.follow(world);
  destinations.attach(stage);
  world.startSchedules();
  const raise = (): void => {
    source.generate(streams, 20, minuteMs);
    world.clock.at(world.clock.now() + minuteMs, raise);
  };
  raise();
  breakInTurn(destinations, world.clock);
}, 120_000);
afterAll(() => stage?.close());

const red = () => followed.evaluator.states().filter(({ state }) => state === 'ALARM');

test.each([
  ['cis/splunk', 'cis-splunk-DeliveryFailing'],
  ['cis/lake', 'cis-lake-DeliveryFailing'],
  ['admin/s3', 'admin-s3-DeliveryFailing'],
  ['risk/http', 'risk-http-DeliveryFailing'],
  ['verify/gcs', 'verify-gcs-QueueStuck'],
])('in its turn %s is broken until %s is red, and mended until no alarm is', async (name, alarm) => {
  const { clock } = stage.world;
  const isBroken = () => destinations.states.some((one) => one.name === name && one.broken);
  const seen = new Set<string>();
  await clock.runUntil(isBroken, clock.now() + 360 * minuteMs);
  expect(red()).toEqual([]);

  await clock.runUntil(
    () => {
      for (const one of red()) seen.add(one.name);
      return !isBroken();
    },
    clock.now() + 60 * minuteMs,
  );
  expect([...seen]).toContain(`mosaic-relay-dev-${alarm}`);

  await clock.runUntil(() => red().length === 0, clock.now() + 30 * minuteMs);
  expect(red()).toEqual([]);
});

test('after the end nothing is broken, nor can be', () => {
  destinations.set('cis/splunk', true);

  destinations.end();

  expect(destinations.states.filter(({ broken }) => broken)).toEqual([]);
  expect(destinations.set('cis/splunk', true)).toBe(false);
});
