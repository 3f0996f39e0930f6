import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundledViewsFile } from '../../functions/collector/contract.ts';
import { compileView, viewLabel } from '../../functions/stored/compiled-view.ts';
import { readStages } from '../../infra/config/read-stages.ts';
import type { StageSettings } from '../../infra/config/settings.ts';
import type { ViewSettings } from '../../infra/config/view-settings.ts';
import { bundle } from '../../infra/constructs/function-bundle.ts';
import type { DestinationSettings } from '../../infra/destinations/destination-kinds.ts';
import { destinationKinds } from '../../infra/destinations/destination-kinds.ts';
import { stageApp } from '../../infra/stage-app.ts';
import { inFolder, resourcesOf, settingsIn, stageOf, stageSettings, templateOf } from './synthesized.ts';

const key = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:view-AbCdEf';
const secretKey = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b';
const analytics: ViewSettings = {
  activities: { drop: ['get_user', 'action_*'] },
  members: { user_id: 'pseudonym', ip: 'network', 'additionalParams.*.prev': 'remove' },
  key,
  secretKey,
};

describe('a stage with a view', () => {
  const stage = stageOf(stageWith({ analytics }));
  const label = viewLabel(
    'analytics',
    compileView({ ...analytics, activities: { drop: ['get_user', 'action_*'] } }),
  );
  const template = templateOf(stage);

  test('tells its collector the view and the digest of it, and no more', () => {
    const [one, two] = settingsIn(template).toSorted((a, b) => (a.name < b.name ? -1 : 1));

    expect(one?.destinations.map(({ name, view }) => [name, view])).toEqual([
      ['lake', label],
      ['s3', undefined],
    ]);
    expect(two?.destinations.map(({ view }) => view)).toEqual([undefined]);
    expect(JSON.stringify(template)).not.toContain('additionalParams');
  });

  test('lets the collector of that destination alone read the key', () => {
    const readers = resourcesOf(template, 'AWS::IAM::Role').filter(([, role]) =>
      JSON.stringify(role).includes(key),
    );

    expect(readers.map(([id]) => id)).toEqual([expect.stringMatching(/^Streamsone.*Collector/)]);
    expect(JSON.stringify(readers)).toContain(secretKey);
  });

  test('has its compiled views beside the code of its collectors', () => {
    const views = inFolder((outdir) => {
      stageApp(stage, { outdir }).synth();
      const files = readdirSync(outdir).map((asset) => join(outdir, asset, bundledViewsFile));
      return files.flatMap((file) => {
        try {
          return [JSON.parse(readFileSync(file, 'utf8'))];
        } catch {
          return [];
        }
      });
    });

    expect(views).toEqual([{ [label]: stage.views.analytics?.compiled }]);
  });
});

test('a stage without a view has nothing of views in its template, and no file more', () => {
  expect(JSON.stringify(templateOf(stageOf(stageSettings())))).not.toMatch(/view\\"|ViewDrops|EventsSeen/);
  expect(bundle('collector').map(({ path }) => path)).not.toContain(bundledViewsFile);
});

describe('bad input is refused with its path:', () => {
  const masked: ViewSettings = { members: { user_id: 'mask' }, key };
  test.each<[string, Readonly<Record<string, unknown>>, readonly RegExp[]]>([
    [
      'an unknown action',
      { v: { members: { ip: 'hide' }, key } },
      [/views\.v\.members\.ip: 'hide' is not known; give 'keep' or/],
    ],
    ['an empty view', { v: {} }, [/views\.v: is empty/]],
    [
      'both keep and drop',
      { v: { activities: { keep: ['a'], drop: ['b'] } } },
      [/views\.v\.activities: has both keep and drop/],
    ],
    [
      'a `*` inside an activity',
      { v: { activities: { drop: ['a*b'] } } },
      [/views\.v\.activities\.drop\[0\]: 'a\*b' will not do/],
    ],
    [
      'a `*` inside a key',
      { v: { members: { 'a.b*': 'mask' }, key } },
      [/views\.v\.members\.a\.b\*: 'a\.b\*' will not do/],
    ],
    [
      'keep where all is kept',
      { v: { members: { ip: 'mask', a: 'keep' }, key } },
      [/views\.v\.members\.a: 'keep' has no meaning/],
    ],
    [
      'a path below a removed one',
      { v: { members: { a: 'remove', 'a.b': 'mask' }, key } },
      [/views\.v\.members\.a\.b: lies below 'a'/],
    ],
    [
      'a path below a `*`',
      { v: { members: { 'a.*': 'remove', 'a.b.c': 'mask' }, key } },
      [/views\.v\.members\.a\.b\.c: lies below 'a\.\*'/],
    ],
    [
      'both spellings',
      { v: { members: { 'additionalParams.a': 'mask', 'additional_params.a': 'mask' }, key } },
      [/in its other spelling/],
    ],
    ['no key', { v: { members: { ip: 'mask' } } }, [/views\.v\.key: is missing/]],
    ['no key for an allow-list', { v: { otherMembers: 'remove' } }, [/views\.v\.key: is missing/]],
    ['a key for nothing', { v: { activities: { drop: ['a'] }, key } }, [/views\.v\.key: has no meaning/]],
    [
      'a key of another region',
      { v: { ...masked, key: key.replace('eu-west-1', 'us-east-1') } },
      [/views\.v\.key: is in us-east-1/],
    ],
    ['a name of a key', { v: { ...masked, key: 'view' } }, [/views\.v\.key: 'view' will not do/]],
    ['a view that no destination names', { v: masked, w: masked }, [/views\.w: is named by no destination/]],
    [
      'a name that is no view',
      { w: masked },
      [/destinations 'lake'\.view: 'v' is no view of the stage; there are w/, /views\.w: is named by no/],
    ],
    ['a setting that is none', { v: { ...masked, regex: 'x' } }, [/views\.v\.regex: is not a setting here/]],
    [
      'a name that will not do',
      { v: masked, 'V 2': masked },
      [/views\.V 2: the name will not do/, /views\.V 2: is named by no/],
    ],
    [
      'a misspelt setting of activities, in one line',
      { v: { activities: { dropp: ['a'] } } },
      [/views\.v\.activities\.dropp: is not a setting here; did you mean 'drop'\?/],
    ],
    [
      'several at once',
      { v: { activities: { drop: [] }, members: { ip: 'hide' } } },
      [/activities\.drop: is empty/, /members\.ip/],
    ],
  ])('%s', (_, views, expected) => {
    const problems = problemsOf(stageWith(views as StageSettings['views']));

    expect(problems).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern);
  });

  test('a view that takes from Splunk the timestamp that it needs, unless the loss is allowed', () => {
    const splunk = {
      kind: 'splunk',
      view: 'v',
      endpoint: 'https://hec.acme.test:8088',
      secret: key,
    } as const;
    const withSplunk = (v: ViewSettings) =>
      problemsOf(
        stageSettings({
          region: 'eu-west-1',
          views: { v },
          streams: [{ id: 'one', type: 'cis', destinations: [splunk] }],
        }),
      );

    expect(withSplunk({ members: { timestamp: 'remove' }, key })).toEqual([
      expect.stringMatching(/'splunk'\.view: 'v' changes or removes 'timestamp', which splunk needs/),
    ]);
    expect(withSplunk({ otherMembers: 'remove', members: { activity: 'keep' }, key })).toHaveLength(1);
    const both = { timestamp: 'keep', activity: 'keep' } as const;
    expect(withSplunk({ otherMembers: 'remove', members: both, key })).toEqual([]);
    expect(withSplunk({ members: { timestamp: 'remove' }, key, allowLoss: true })).toEqual([]);
  });

  test.each([
    ['splunk', ['timestamp', 'activity']],
    ['sentinel', ['timestamp', 'activity']],
    ['elastic', ['timestamp', 'activity']],
    ['datadog', ['timestamp', 'activity']],
    ['dynatrace', ['timestamp']],
    ['newRelic', ['timestamp']],
    ['s3', []],
  ] as const)('a view that changes what %s needs: %j', (kind, needs) => {
    const example = (destinationKinds[kind].meta()!.examples as readonly DestinationSettings[])[0]!;
    const members = { timestamp: 'mask', activity: 'pseudonym', ip: 'network' } as const;
    const problems = (v: ViewSettings) =>
      problemsOf(
        stageSettings({
          views: { v },
          streams: [{ id: 'one', type: 'cis', destinations: [{ ...example, view: 'v' }] }],
        }),
      ).filter((problem) => problem.includes('needs; keep it'));

    expect(problems({ members, key })).toEqual(
      needs.map((member) => expect.stringContaining(`changes or removes '${member}', which ${kind} needs`)),
    );
    expect(problems({ members, key, allowLoss: true })).toEqual([]);
    expect(problems({ activities: { drop: ['get_user'] } })).toEqual([]);
  });

  test('but no keep that takes a member out of what a `*` names', () => {
    expect(problemsOf(stageWith({ v: { members: { 'a.*': 'remove', 'a.b': 'keep' }, key } }))).toEqual([]);
  });
});

/** The destination `lake` of the stream `one` has the first of the views, or `v`; its other one sees everything. */
function stageWith(views: StageSettings['views']): StageSettings {
  const [first = 'v'] = Object.keys(views ?? {});
  const view = first === 'analytics' ? first : 'v';
  return stageSettings({
    region: 'eu-west-1',
    views,
    streams: [
      { id: 'one', type: 'cis', destinations: [{ kind: 's3', name: 'lake', view }, { kind: 's3' }] },
      { id: 'two', type: 'risk' },
    ],
  });
}

function problemsOf(stage: StageSettings): readonly string[] {
  const read = readStages({ test: stage });
  return 'problems' in read ? read.problems : [];
}
