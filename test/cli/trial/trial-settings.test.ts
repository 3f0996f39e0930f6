import { expect, test } from 'vitest';
import { fittingPlan, settingsSnippet } from '../../../cli/trial/trial-settings.ts';
import { stageOf, stageSettings, templateOf } from '../../infra/synthesized.ts';

test('the snippet, pasted into a stage, synthesises, with the environment and a stream of each type', async () => {
  const snippet = settingsSnippet('https://api.eu.transmitsecurity.io', [
    { type: 'cis', plan: fittingPlan({ eventsPerSecond: 3, eventBytes: 1_200 }) },
    { type: 'admin', plan: fittingPlan(undefined) },
  ]);
  const module = `export const pasted = {${snippet}};`;
  const { pasted } = await import(`data:text/javascript,${encodeURIComponent(module)}`);

  const stage = stageOf(stageSettings(pasted));
  const types = Object.values(templateOf(stage).Resources).map(({ Type }) => Type);

  expect(pasted).toMatchObject({
    environment: 'eu',
    streams: [
      { id: 'relay-cis', type: 'cis', every: '5 minutes' },
      { id: 'relay-admin', type: 'admin', every: '5 minutes' },
    ],
  });
  expect(types.filter((type) => type === 'AWS::KinesisFirehose::DeliveryStream')).toHaveLength(2);
});

test('a load that a run of five minutes does not keep up with is collected each minute, and any other every five', () => {
  const every = [0.1, 20, 4_000].map(
    (eventsPerSecond) => fittingPlan({ eventsPerSecond, eventBytes: 1_200 }).everySeconds,
  );

  expect(every).toEqual([300, 300, 60]);
});
