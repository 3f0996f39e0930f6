import { describe, expect, test } from 'vitest';
import { answerCapMiB } from '../../infra/config/answer-caps.ts';
import { chooseStage } from '../../infra/config/choose-stage.ts';
import { readStages } from '../../infra/config/read-stages.ts';
import { stages } from '../../infra/config/stages.ts';
import { stageOf, stageSettings, streamSettings } from './synthesized.ts';

function problemsOf(written: unknown): readonly string[] {
  const read = readStages(written);
  return 'problems' in read ? read.problems : [];
}

function problemsOfStream(stream: object): readonly string[] {
  return problemsOf({ test: { ...stageSettings(), streams: [stream] } });
}

describe('the settings that ship', () => {
  test('are without a problem', () => {
    expect(problemsOf(stages)).toEqual([]);
  });

  test('give every stage one stream per type', () => {
    for (const { streams } of Object.values(stages)) {
      expect(streams.map(({ type }) => type).toSorted()).toEqual(['admin', 'cis', 'risk', 'verify']);
    }
  });
});

describe('a stream that says only what it must', () => {
  test('gets every default', () => {
    const [stream] = stageOf(stageSettings({ streams: [{ id: 'one', type: 'cis' }] })).streams;
    expect(stream).toMatchObject({
      name: 'one',
      schedule: { expression: 'rate(5 minutes)', timeZone: 'UTC', periodSeconds: 300 },
      batchSize: 1000,
      timeout: 300,
      collectTimeout: 60,
      emptyAnswersToStop: 2,
      pollWithin: 0,
      autoReopen: true,
      enrichment: false,
      onRemoval: 'keep',
      memory: 512,
      destinations: [{ kind: 's3', name: 's3' }],
    });
    expect(stream?.reservedConcurrency).toBeUndefined();
  });

  test('takes its id and name from a pull URL that holds them', () => {
    const pullUrl =
      'https://api.example.com/activities/v1/activities/collect?type=risk&stream_id=abc&batch_size=50';
    const [stream] = stageOf(stageSettings({ streams: [{ pullUrl, type: 'risk' }] })).streams;
    expect(stream).toMatchObject({ name: 'abc', id: 'abc', pullUrl });
  });
});

test.each([
  ['batch_size=50', undefined, 50],
  ['batch_size=50', 20, 20],
  ['batch_size=500', 800, 500],
  ['batch_size=all', 800, 800],
  ['none=1', undefined, 1_000],
])(
  'a pull URL with %s and a batchSize of %s is taken to be asked for %i events',
  (query, batchSize, asked) => {
    const pullUrl = `https://api.example.com/activities/v1/activities/collect?type=risk&stream_id=abc&${query}`;
    const stream = { type: 'risk' as const, pullUrl, ...(batchSize === undefined ? {} : { batchSize }) };

    expect(stageOf(stageSettings({ streams: [stream] })).streams[0]!.batchSize).toBe(asked);
  },
);

test('ten mistakes are reported at once, each with its path and what would be right', () => {
  const problems = problemsOf({
    test: {
      environment: 'mars',
      secret: 'relay/test',
      region: 'eu-west-1',
      terminationProtection: false,
      journalDay: 3,
      streams: [
        { id: 'one', type: 'cis', batchSize: 0 },
        { id: 'one', type: 'siem', batchSize: 1001 },
        { id: 'with space', name: 'w', type: 'admin', every: '90 seconds' },
        {
          id: 'four',
          type: 'risk',
          timeout: '1 minute',
          destinations: [{ kind: 'fax' }, { kind: 's3', bufferMib: 3 }],
        },
      ],
    },
  });
  expect(problems).toEqual([
    "stages.test.journalDay: is not a setting here; did you mean 'journalDays'?",
    "stages.test.environment: 'mars' is no Mosaic environment; give sandbox, us, eu, ca, au or a base URL such as 'https://api.example.com'",
    'stages.test.streams[0].batchSize: 0 is below 1; give 1..1000',
    "stages.test.streams[1].type: 'siem' is not known; give 'cis' or 'admin' or 'risk' or 'verify'",
    'stages.test.streams[1].batchSize: 1001 is above 1000; give 1..1000',
    "stages.test.streams[2].id: 'with space' will not do; give one word of up to 128 ASCII characters, without spaces",
    "stages.test.streams[2].every: '90 seconds' is no schedule; give whole minutes, hours or days, such as '5 minutes', '1 hour' or '2 days'",
    // Kinds that another file of this process has defined follow.
    expect.stringMatching(
      /^stages\.test\.streams\[3\]\.destinations\[0\]\.kind: 'fax' is no kind; give 's3', 'splunk', 'gcs', 'datadog', 'newRelic', 'dynatrace', 'sumoLogic', 'elastic', 'http', 'openSearch', 'sentinel'/,
    ),
    "stages.test.streams[3].destinations[1].bufferMib: is no setting of 's3'; did you mean 'bufferMiB'?",
    "stages.test.streams[3].timeout: 60 seconds are below 105: one collect (60), its journal (30) and closing (15) must fit; give '105 seconds' or more, or a smaller collectTimeout",
    "stages.test.streams[1].id: 'one' is also the id of streams[0]; two readers of one stream would split its events",
  ]);
});

describe('refused', () => {
  const refused: readonly (readonly [string, object, string])[] = [
    ['polling for a minute of every five', { pollWithin: '10 seconds' }, 'streams[0].pollWithin'],
    ['a schedule of no unit', { every: '5' }, 'streams[0].every'],
    ['a schedule of zero', { every: '0 minutes' }, 'streams[0].every'],
    ['a schedule past a week', { every: '8 days' }, 'streams[0].every'],
    ['every beside cron', { every: '1 hour', cron: '0 6 ? * MON-FRI *' }, 'streams[0].cron'],
    ['a cron line of five fields', { cron: '0 6 * * MON' }, 'streams[0].cron'],
    ['a cron line with both days', { cron: '0 6 1 * MON *' }, 'streams[0].cron'],
    ['an hour of 24', { cron: '0 24 * * ? *' }, 'streams[0].cron'],
    ['an unknown time zone', { cron: '0 6 * * ? *', timeZone: 'Mars/Olympus' }, 'streams[0].timeZone'],
    ['a time zone without cron', { timeZone: 'Europe/Berlin' }, 'streams[0].timeZone'],
    ['a timeout above 15 minutes', { timeout: '16 minutes' }, 'streams[0].timeout'],
    [
      'one reserved execution, which the sweep would share',
      { reservedConcurrency: 1 },
      'streams[0].reservedConcurrency',
    ],
    ['a batch size with a fraction', { batchSize: 1.5 }, 'streams[0].batchSize'],
    ['no destination', { destinations: [] }, 'streams[0].destinations'],
    [
      'two destinations of one name',
      { destinations: [{ kind: 's3' }, { kind: 's3' }] },
      'streams[0].destinations[1].name',
    ],
    ['an id beside a pull URL', { pullUrl: 'https://api.example.com/x' }, 'streams[0].pullUrl'],
    [
      'a name that Firehose could not carry',
      { name: 'a-name-of-thirty-two-characters-', destinations: [{ kind: 's3', name: 'a-long-name-of16' }] },
      'streams[0].name',
    ],
    [
      'a buffer above 128 MiB',
      { destinations: [{ kind: 's3', bufferMiB: 129 }] },
      'streams[0].destinations[0].bufferMiB',
    ],
    [
      'a prefix in the own bucket',
      { destinations: [{ kind: 's3', prefix: 'x' }] },
      'streams[0].destinations[0].prefix',
    ],
  ];
  test.each(refused)('%s', (_, changes, path) => {
    const problems = problemsOfStream({ ...streamSettings(), ...changes });
    expect(problems.map((line) => line.slice(0, line.indexOf(': ')))).toEqual([`stages.test.${path}`]);
  });

  test('http in front of a base URL', () => {
    expect(problemsOf({ test: { ...stageSettings(), environment: 'http://api.example.com' } })).toHaveLength(
      1,
    );
  });

  test('an answer that a collector has no memory for', () => {
    const streams = [streamSettings(), { ...streamSettings(), id: 'small', memory: 256 }];
    expect(problemsOf({ test: stageSettings({ streams, wireCapMiB: 33, decompressedCapMiB: 97 }) })).toEqual([
      'stages.test.wireCapMiB: 33 takes up to 260 MB of memory, and streams[1] has 256; give 32 or less, or streams[1].memory: 260',
      'stages.test.decompressedCapMiB: 97 takes up to 516 MB of memory, and streams[0] has 512; give 96 or less, or streams[0].memory: 516',
      'stages.test.decompressedCapMiB: 97 takes up to 516 MB of memory, and streams[1] has 256; give 32 or less, or streams[1].memory: 516',
    ]);
    expect(problemsOf({ test: stageSettings({ streams, wireCapMiB: 32, decompressedCapMiB: 32 }) })).toEqual(
      [],
    );
  });

  test('no answer at a small memory, which lowers the cap instead', () => {
    const caps = [256, 384, 512].map((memory) => answerCapMiB(undefined, { memory }));
    expect(caps).toEqual([32, 64, 64]);
  });

  test('an answer that a collector has no memory to see through a view', () => {
    const plain = [{ view: undefined }, {}];
    const seen = [...plain, { view: 'analysts' }];
    const capsOf = (destinations: readonly { readonly view?: string }[]) =>
      [256, 384, 512].map((memory) => answerCapMiB(undefined, { memory, destinations }));
    // A view may be twice as long as the answer, and so may its lines.
    expect(capsOf(plain)).toEqual([32, 64, 64]);
    expect(capsOf(seen)).toEqual([21, 42, 64]);
    expect(
      problemsOf({
        test: stageSettings({
          views: { quiet: { activities: { drop: ['get_user'] } } },
          streams: [
            { ...streamSettings(), memory: 256, destinations: [{ kind: 's3', view: 'quiet' }] },
            { ...streamSettings(), id: 'plain', name: 'plain', memory: 256 },
          ],
          decompressedCapMiB: 22,
        }),
      }),
    ).toEqual([
      'stages.test.decompressedCapMiB: 22 takes up to 260 MB of memory, and streams[0] has 256; give 21 or less, or streams[0].memory: 260',
    ]);
  });

  test('two streams whose names differ in capitals alone', () => {
    const streams = [
      { id: 'one', name: 'Cis', type: 'cis' },
      { id: 'two', name: 'cis', type: 'cis' },
    ] as const;
    expect(problemsOf({ test: stageSettings({ streams }) })).toEqual([
      "stages.test.streams[1].name: 'cis' makes 'mosaic-relay-test-cis-collector' on AWS, which streams[0] has too, capitals or not; give it another name",
    ]);
  });

  test('two destinations that would share a name on AWS', () => {
    const streams = [
      { id: 'one', name: 'a-b', type: 'cis', destinations: [{ kind: 's3', name: 'c' }] },
      { id: 'two', name: 'a', type: 'cis', destinations: [{ kind: 's3', name: 'b-C' }] },
    ] as const;
    expect(problemsOf({ test: stageSettings({ streams }) })).toEqual([
      "stages.test.streams[1].destinations 'b-C'.name: 'b-C' makes 'mosaic-relay-test-a-b-C-copier' on AWS, which streams[0].destinations 'c' has too, capitals or not; give it another name",
    ]);
  });

  test.each([
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
  ])('the region %s, whose partition the relay does not run in', (region, partition) => {
    expect(problemsOf({ test: stageSettings({ region }) })).toEqual([
      `stages.test.region: '${region}' is in the partition ${partition}, where the relay does not run; give a region of the partition aws, such as 'eu-west-1'`,
    ]);
  });

  test.each([
    ['eu-wset-1', "is no region that this release knows; did you mean 'eu-west-1'?"],
    ['us-east-9', "is no region that this release knows; did you mean 'us-east-1'?"],
    ['xx-nowhere-7', "is no region that this release knows; give one such as 'eu-west-1'"],
    ['EU-WEST-1', "will not do; did you mean 'eu-west-1'?"],
    ['eu-west1', "will not do; did you mean 'eu-west-1'?"],
  ])('the region %s, which AWS does not have', (region, problem) => {
    expect(problemsOf({ test: stageSettings({ region }) })).toEqual([
      `stages.test.region: '${region}' ${problem}`,
    ]);
  });

  test.each<[object, string]>([
    [{ type: 'ciss' }, "type: 'ciss' is not known; did you mean 'cis'?"],
    [{ type: 'Admin' }, "type: 'Admin' is not known; did you mean 'admin'?"],
    [{ evry: '5 minutes' }, "evry: is not a setting here; did you mean 'every'?"],
    [
      { destinations: [{ kind: 'splnk' }] },
      "destinations[0].kind: 'splnk' is no kind; did you mean 'splunk'?",
    ],
    [
      { destinations: [{ kind: 'opensearch' }] },
      "destinations[0].kind: 'opensearch' is no kind; did you mean 'openSearch'?",
    ],
  ])('%j, with the spelling that is near', (misspelt, problem) => {
    expect(problemsOfStream({ id: 'one', type: 'cis', ...misspelt })).toEqual([
      `stages.test.streams[0].${problem}`,
    ]);
  });

  test('a secret of another region', () => {
    const secret = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:relay-AbCdEf';
    expect(problemsOf({ test: stageSettings({ secret, region: 'eu-west-1' }) })).toEqual([
      'stages.test.secret: is in us-east-1, and the stage in eu-west-1; give one in eu-west-1',
    ]);
  });

  test('a protected stage without an account', () => {
    const { terminationProtection: _, ...unsaid } = stageSettings();
    expect(problemsOf({ test: unsaid })).toEqual([
      expect.stringMatching(/^stages\.test\.account: is missing.*give the 12 digits/),
    ]);
    expect(problemsOf({ test: { ...unsaid, account: '111122223333' } })).toEqual([]);
  });

  test('the ARN of a secret without its six last characters', () => {
    const secret = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:relay';
    expect(problemsOf({ test: stageSettings({ secret }) })).toHaveLength(1);
  });

  test.each([undefined, null, 'text', 3, [], [null]])('streams of %j, without an exception', (streams) => {
    expect(problemsOf({ test: { ...stageSettings(), streams } })).not.toEqual([]);
  });

  test.each([undefined, null, 'text', { test: undefined }, { test: 3 }, { 'A Stage': stageSettings() }])(
    'a file of %j, without an exception',
    (written) => {
      expect(problemsOf(written)).not.toEqual([]);
    },
  );
});

test.each([
  ['1 minute', 'rate(1 minute)'],
  ['60 minutes', 'rate(1 hour)'],
  ['90 minutes', 'rate(90 minutes)'],
  ['1 hour', 'rate(1 hour)'],
  ['48 hours', 'rate(2 days)'],
])('%s is %s to Scheduler', (every, expression) => {
  const [stream] = stageOf(
    stageSettings({ streams: [streamSettings({ every, alarms: { quiet: 'off' } })] }),
  ).streams;
  expect(stream?.schedule.expression).toBe(expression);
});

test.each([
  '0/5 * * * ? *',
  '0 6 ? * MON-FRI *',
  '15 10 L * ? 2026',
  '0 0 ? * 6#3 *',
  '0,30 8-18 * JAN,JUL ? *',
])('the cron line %s is taken', (cron) => {
  const stream = streamSettings({ cron, timeZone: 'Europe/Berlin', alarms: { quiet: 'off' } });
  expect(problemsOfStream(stream)).toEqual([]);
});

test('an unknown stage is answered with the known ones', () => {
  expect(chooseStage(stages, 'pord')).toEqual({
    problems: ["stage 'pord' is not in stages.ts; the stages there are dev, prod; did you mean prod?"],
  });
});
