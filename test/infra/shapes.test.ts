import { describe, expect, test } from 'vitest';
import { readStages } from '../../infra/config/read-stages.ts';
import { compiledViews } from '../../infra/constructs/compiled-views.ts';
import { destinationKinds } from '../../infra/destinations/destination-kinds.ts';
import { settingsIn, stageOf, stageSettings, templateOf } from './synthesized.ts';

const key = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:view-AbCdEf';
const settings = (views: object, destination: object, type = 'cis') =>
  stageSettings({
    ...(Object.keys(views).length === 0 ? {} : { views }),
    streams: [{ id: 'one', type, destinations: [destination] }],
  } as never);
const problemsOf = (views: object, destination: object, type?: string): readonly string[] => {
  const read = readStages({ test: { ...settings(views, destination, type), region: 'eu-west-1' } });
  return 'problems' in read ? read.problems : [];
};

describe('a destination with a shape', () => {
  test('tells its collector a label, and the compiled table lies beside the code', () => {
    const stage = stageOf(settings({}, { kind: 's3', shape: 'ocsf-1.5', rawData: false }));
    const [destination] = settingsIn(templateOf(stage))[0]!.destinations;
    expect(destination!.view).toMatch(/^ocsf-1\.5@[0-9a-f]{8}$/);
    const [file] = compiledViews(stage);
    const bundled = JSON.parse(Buffer.from(file!.contents).toString());
    expect(Object.keys(bundled)).toEqual([destination!.view]);
    expect(bundled[destination!.view!].shape).toMatchObject({ name: 'ocsf-1.5', rawData: false });
  });

  test('has another label than the view alone, under the name of the view', () => {
    const views = { quiet: { activities: { drop: ['get_user'] } } };
    const labelOf = (more: object) =>
      settingsIn(templateOf(stageOf(settings(views, { kind: 's3', view: 'quiet', ...more }))))[0]!
        .destinations[0]!.view;
    expect(labelOf({ shape: 'ocsf-1.8' })).toMatch(/^quiet@/);
    expect(new Set([{}, { shape: 'ocsf-1.8' }, { shape: 'ocsf-1.1' }].map(labelOf)).size).toBe(3);
  });
});

describe('the settings refuse', () => {
  test('a shape of a kind that cannot take one', () => {
    const taking = 's3, splunk, gcs, datadog, elastic, http, openSearch take it';
    for (const kind of ['sentinel', 'newRelic', 'dynatrace', 'sumoLogic'] as const)
      expect(problemsOf({}, { ...exampleOf(kind), shape: 'ocsf-1.5' })).toContain(
        `stages.test.streams[0].destinations[0].shape: is no setting of '${kind}'; ${taking}`,
      );
    for (const kind of ['s3', 'splunk', 'gcs', 'datadog', 'elastic', 'http', 'openSearch'] as const)
      expect(
        problemsOf({}, { ...exampleOf(kind), shape: 'ocsf-1.5' }).filter((line) => line.includes('shape')),
      ).toEqual([]);
  });

  test('a shape that nobody knows, and rawData without a shape', () => {
    expect(problemsOf({}, { kind: 's3', shape: 'parquet' })).toEqual([
      "stages.test.streams[0].destinations[0].shape: 'parquet' is not known; give 'ocsf-1.1' or 'ocsf-1.5' or 'ocsf-1.8'",
    ]);
    expect(problemsOf({}, { kind: 's3', rawData: false })).toEqual([
      'stages.test.streams[0].destinations[0].rawData: has no meaning without shape; take it out, or give shape',
    ]);
  });

  test.each([
    [
      { user_id: 'remove', 'additionalParams.username': 'remove' },
      'cis',
      /leaves nothing of 'user_id', 'additionalParams.username', of which 'Authentication'/,
    ],
    [{ activity: 'mask' }, 'cis', /changes 'activity', by which ocsf-1.5 tells what an event is/],
    [{ timestamp: 'remove' }, 'cis', /removes 'timestamp', by which ocsf-1.5 tells the time/],
    [{ 'additionalParams.*': 'mask' }, 'risk', /changes 'additionalParams.recommendation'/],
    [
      { ip: 'pseudonym', device_id: 'remove', additionalParams: 'remove' },
      'cis',
      /of which 'API Activity' of ocsf-1.5 requires 'src_endpoint'/,
    ],
    [{ target_resource_id: 'remove' }, 'admin', /of which 'Entity Management' of ocsf-1.5 requires 'entity'/],
  ])('a shape after a view that takes what its classes need: %j of %s', (members, type, problem) => {
    const destination = { kind: 's3', view: 'v', shape: 'ocsf-1.5' };
    const lines = problemsOf({ v: { members, key } }, destination, type);
    expect(lines.some((line) => problem.test(line))).toBe(true);
    expect(
      lines.every((line) => line.startsWith("stages.test.streams[0].destinations 's3'.shape: view 'v' ")),
    ).toBe(true);
    expect(problemsOf({ v: { members, key, allowLoss: true } }, destination, type)).toEqual([]);
    expect(problemsOf({ v: { members, key } }, { kind: 's3', view: 'v' }, type)).toEqual([]);
  });

  test('not a view that leaves something of all that the classes need', () => {
    const members = { user_id: 'pseudonym', ip: 'network', user_agent: 'remove' };
    expect(problemsOf({ v: { members, key } }, { kind: 's3', view: 'v', shape: 'ocsf-1.5' })).toEqual([]);
    const dropped = { activities: { keep: ['session_start'] }, members: { user_id: 'remove' }, key };
    expect(problemsOf({ v: dropped }, { kind: 's3', view: 'v', shape: 'ocsf-1.5' })).toEqual([]);
  });
});

function exampleOf(kind: keyof typeof destinationKinds): object {
  const { examples } = destinationKinds[kind].meta() as { readonly examples: readonly object[] };
  return examples[0]!;
}
