import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StageSettings } from '../../../infra/config/settings.ts';
import type { StreamSettings } from '../../../infra/config/stream-settings.ts';
import { stageApp } from '../../../infra/stage-app.ts';
import { stageOf, stageSettings, type Template, templateOf, unbundled } from '../../infra/synthesized.ts';
import { runRelay } from '../run-relay.ts';

const splunk = {
  kind: 'splunk',
  endpoint: 'https://hec.acme.test:8088',
  secret: 'arn:aws:secretsmanager:eu-west-1:444455556666:secret:siem-AbCdEf',
} as const;
const google = {
  kind: 'gcs',
  bucket: 'acme-events',
  provider: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/relay/providers/relay',
} as const;
const stream: StreamSettings = { id: 'one', type: 'cis', destinations: [{ kind: 's3' }, splunk] };
const written = stageSettings({ streams: [stream], secret: 'mosaic/own' });

let folder: string;
let before: Template;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-explain-'));
  before = templateOf(stageOf(written));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a change of settings', () => {
  test.each<[string, Partial<StageSettings>, number, string, RegExp]>([
    [
      'another schedule is no loss',
      ofStream({ every: '10 minutes' }),
      0,
      'Good to know',
      /cron\(0\/5 .* becomes cron\(0\/10 /,
    ],
    [
      'another id is read beside the old one',
      ofStream({ id: 'two', name: 'one' }),
      0,
      'Good to know',
      /new id\. The old one is read until it is empty, and never deleted/,
    ],
    [
      'another retention is refused',
      ofStream({ retention: 3 }),
      1,
      'The deploy will be refused',
      /Mosaic cannot change RetentionDays of a stream/,
    ],
    [
      'another retention with another id is not',
      ofStream({ id: 'two', name: 'one', retention: 3 }),
      0,
      'Good to know',
      /new id\. The old one is read until it is empty/,
    ],
    [
      'another type is refused whatever the id',
      ofStream({ id: 'two', name: 'one', type: 'risk' }),
      1,
      'The deploy will be refused',
      /a stream cannot carry another type: .* a name of its own/,
    ],
    [
      'another Mosaic is refused',
      { environment: 'us' },
      1,
      'The deploy will be refused',
      /would read another Mosaic/,
    ],
    [
      'another Mosaic that is the same one is not',
      { environment: 'us', ...ofStream({ adopt: true }) },
      0,
      'Good to know',
      /look first who reads it/,
    ],
    [
      'an s3 destination that becomes a gcs one is refused',
      ofStream({ destinations: [{ ...google, name: 's3' }, splunk] }),
      1,
      'The deploy will be refused',
      /cannot have one name, one after the other: .*delete the archive/,
    ],
    [
      'a gcs destination has objects deleted that are on their way',
      ofStream({ destinations: [{ kind: 's3' }, splunk, google] }),
      0,
      'Good to know',
      /delivered\/one\/gcs\/ after 30 days\. What lies there already is, too/,
    ],
    [
      'another form of records mixes objects for some minutes',
      ofStream({ destinations: [{ kind: 's3', compressRecords: false }, splunk] }),
      0,
      'Good to know',
      /changed delivery stream .*s3.*\n.*may mix plain lines and gzip members/,
    ],
    [
      'a destination that is taken out goes on delivering',
      ofStream({ destinations: [{ kind: 's3' }] }),
      0,
      'Good to know',
      /removed delivery stream .*splunk.*\n.*It stays, with its role and log, and delivers .* relay forget shows it/,
    ],
    [
      'a shorter journal deletes objects',
      { journalDays: 7 },
      1,
      'Data or names',
      /journal\/ after 7 days, not 30/,
    ],
    [
      'a longer journal deletes nothing',
      { journalDays: 40 },
      0,
      'Harmless',
      /changed bucket Bucket.*\n.*all objects stay/,
    ],
    [
      'a name in place of another, with the same id, is the same stream, whose journal stays behind',
      ofStream({ name: 'second' }),
      1,
      'Data or names',
      /stream one is called second, by the same id: no event is missed.*stay behind.* was: 'one'/,
    ],
    [
      'a name and an id in place of others may be another stream',
      ofStream({ name: 'second', id: 'two' }),
      1,
      'Data or names',
      /stream one goes while second, of the same type, comes\..* was: 'one'/,
    ],
    [
      'a name with was: moves nothing',
      ofStream({ name: 'second', was: 'one' }),
      0,
      'Good to know',
      /changed Mosaic's stream one:\n.*call it second from now on.*nothing moves/,
    ],
    [
      'a key that is left is kept',
      { encryption: 'aws-owned' },
      0,
      'Good to know',
      /removed key Key.*\n.*what it encrypted is read and delivered as before/,
    ],
  ])('%s', async (_, changes, code, heading, says) => {
    const after = templateOf(stageOf({ ...written, ...changes }));

    const shown = await compare(before, after, ...(heading === 'Harmless' ? ['--all'] : []));

    expect(shown.problems).toBe('');
    expect(shown.code).toBe(code);
    expect(partOf(shown.out, heading)).toMatch(says);
  });

  test('only a changed collect schedule turns a paused stream on again', async () => {
    const after = edited((resource) => {
      if (resource.Type === 'AWS::Scheduler::Schedule') resource.Properties.Description = 'another';
    });

    const { out } = await compare(before, after, '--all');

    expect(out).toMatch(/changed schedule find-orphans, watch-kept, one-sweep:\n {4}Nothing is lost\n/);
    expect(out).toMatch(/changed schedule one-collect:\n {4}Nothing is lost; a stream that relay pause/);
  });

  test('a copier’s folder that goes is told once an hour, and one that comes or stays says nothing', async () => {
    const withGoogle = templateOf(
      stageOf({ ...written, ...ofStream({ destinations: [{ kind: 's3' }, splunk, google] }) }),
    );
    const untold = /objects in delivered\/one\/gcs\/ are told to no queue at once any more: .* once an hour/;

    expect(partOf((await compare(withGoogle, before)).out, 'Good to know')).toMatch(untold);
    expect((await compare(before, withGoogle)).out).not.toMatch(/told to no queue/);
  });

  test('a stream that is taken out is no longer collected, and its backlog is gone only if the settings say so', async () => {
    const two = { ...written, streams: [stream, { ...stream, id: 'two', type: 'risk' as const }] };
    const both = templateOf(stageOf(two));
    const last = templateOf(
      stageOf({ ...two, streams: [stream, { ...stream, id: 'two', type: 'risk', onRemoval: 'delete' }] }),
    );

    const kept = await compare(both, before);
    const deleted = await compare(last, before);

    expect([kept.code, partOf(kept.out, 'Something stops')]).toEqual([
      0,
      expect.stringMatching(/removed Mosaic's stream two:\n.*Mosaic keeps it and its backlog/),
    ]);
    expect([deleted.code, partOf(deleted.out, 'Data or names')]).toEqual([
      1,
      expect.stringMatching(/Mosaic deletes the stream, and its backlog is gone/),
    ]);
  });

  test('what exists keeps its names when a resource that answers them comes with an upgrade', async () => {
    const older = Object.entries(before.Resources).flatMap(([id, { Type, Properties, ...rest }]) => {
      if (Type === 'Custom::Delivery') return [];
      const name = {
        'AWS::KinesisFirehose::DeliveryStream': 'DeliveryStreamName',
        'AWS::Logs::LogGroup': 'LogGroupName',
      }[Type];
      const { 'Fn::Join': join } = Object(Properties?.[name ?? '']);
      const named = join === undefined ? {} : { [name!]: `${join[1][0]}as-it-was` };
      return [[id, { Type, ...rest, Properties: { ...Properties, ...named } }]];
    });

    const { code, out } = await compare({ ...before, Resources: Object.fromEntries(older) }, before, '--all');

    expect(code).toBe(0);
    expect(out).toMatch(/added names of a destination/);
    expect(out).not.toMatch(/replaced/);
  });

  test('a stream that is renamed speaks for all that goes and comes with it, in a few short lines', async () => {
    const after = templateOf(stageOf({ ...written, ...ofStream({ name: 'second' }) }));

    const { lines, out } = await compare(before, after);

    expect(lines.length).toBeLessThan(30);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(partOf(out, 'Data or names')).toMatch(
      /With it go function, schedule ×2 and \d+ more\. With it come delivery stream ×2, function, schedule ×2 and/,
    );
    expect(out).not.toMatch(/nobody collects|Mosaic creates|Something stops/);
    // What stays behind has a line of its own, with the command that ends it.
    expect(partOf(out, 'Good to know')).toMatch(/^.*\n {2}removed delivery stream .*\n.* relay forget /);
    const all = await compare(before, after, '--all');
    expect(all.lines.length).toBeGreaterThan(60);
  });

  test('a stream that goes takes nothing with it of one whose name begins as its own', async () => {
    const one = { ...stream, id: 'on', name: 'on' };
    const both = templateOf(stageOf({ ...written, streams: [{ ...stream, type: 'risk' }, one] }));
    const left = templateOf(stageOf({ ...written, streams: [{ ...stream, type: 'risk' }] }));

    const { out } = await compare(both, left, '--json');

    const followers = out.split('\n').flatMap((line) => {
      const { follows, name } = JSON.parse(line);
      return follows === undefined ? [] : [`${follows}: ${name}`];
    });
    expect(followers.length).toBeGreaterThan(5);
    expect(followers.filter((each) => !each.startsWith('on: '))).toEqual([]);
    expect(followers.filter((each) => /Streamsone|relay-test-one|^on: one/.test(each))).toEqual([]);
  });

  test.each<[string, Partial<StageSettings>]>([
    ['account', { account: '444455556666' }],
    ['account and region', { account: '444455556666', region: 'eu-west-1' }],
  ])('settings that name the %s in which the stage is replace nothing', async (_, named) => {
    const after = templateOf(stageOf({ ...written, ...named }));

    for (const [one, other] of [
      [before, after],
      [after, before],
    ] as const)
      expect((await compare(one, other, '--all')).out).not.toMatch(/replaced|Data or names/);
  });

  test('a bucket of another account is another one', async () => {
    const [one, other] = ['444455556666', '777788889999'].map((account) =>
      templateOf(stageOf({ ...written, account })),
    );

    expect((await compare(one!, other!)).out).toMatch(/replaced bucket Bucket:/);
  });

  test('the same template changes nothing', async () => {
    expect(await compare(before, before)).toMatchObject({ code: 0, out: 'Nothing changes.', problems: '' });
  });
});

describe('what no change of settings does is said first, with exit code 1', () => {
  test.each([
    ['AWS::DynamoDB::Table', 'KeySchema', /replaced table Table:\n.*progress and history start anew.* Stop:/],
    ['AWS::S3::Bucket', 'BucketName', /replaced bucket .*\n.*the journal starts anew/],
    [
      'AWS::KinesisFirehose::DeliveryStream',
      'DeliveryStreamName',
      /replaced delivery stream .*\n.*its name changes/,
    ],
    ['AWS::IAM::Role', 'RoleName', /replaced role .*\n.*whoever trusts it by name/],
    ['AWS::SQS::Queue', 'QueueName', /replaced queue .*\n.*what waits in the old one is not copied/],
  ])('%s, another %s', async (type, property, says) => {
    const after = edited((resource) => {
      if (resource.Type === type) resource.Properties[property] = 'another';
    });

    const { code, out } = await compare(before, after);

    expect(code).toBe(1);
    expect(out).toMatch(/^Data or names are replaced or deleted/);
    expect(out).toMatch(says);
  });

  test('a type that nobody here knows counts as data if it goes', async () => {
    const strange = { Type: 'AWS::New::Thing', Properties: {} };
    const more = { ...before, Resources: { ...before.Resources, Strange: strange } };

    expect(await compare(more, before)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/AWS::New::Thing Strange/),
    });
    expect(await compare(before, more)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Good to know/),
    });
  });
});

test('alarms lie in stacks of their own, whose templates stand beside', async () => {
  const files = ['1 hour', '2 hours'].map((undelivered) => {
    const outdir = join(folder, undelivered.replace(' ', '-'));
    const stage = stageOf({ ...written, ...ofStream({ alarms: { undelivered } }) });
    stageApp(stage, { outdir, context: { ...unbundled, 'aws:cdk:enable-asset-metadata': true } }).synth();
    return join(outdir, 'mosaic-relay-test.template.json');
  });

  const { code, out } = await runRelay(['explain-diff', '--against', files[0]!, '--template', files[1]!]);

  expect(code).toBe(0);
  expect(partOf(unwrapped(out), 'Alarms')).toMatch(
    /changed alarm mosaic-relay-test-one-[^:]*:\n.*Threshold 3600 becomes 7200/,
  );
});

test('--settings names the file by which the stage is found', async () => {
  const file = join(folder, 'stages.mjs');
  await writeFile(file, 'export const stages = { other: {} };');
  const template = join(folder, 'some.template.json');
  await writeFile(template, JSON.stringify(before));

  const { code, problems } = await runRelay([
    ...['explain-diff', '--template', template],
    ...['--settings', file, '--stage', 'prod'],
  ]);

  expect([code, problems]).toEqual([
    2,
    expect.stringMatching(/stage 'prod' is not in .*; the stages there are other/),
  ]);
});

test('example values are refused by CloudFormation', async () => {
  const after = templateOf(stageOf({ ...written, account: '111122223333', region: 'eu-west-1' }));

  const { out } = await compare(before, after);

  expect(partOf(out, 'The deploy will be refused')).toMatch(
    /^[^\n]*\n {2}found example values stages\.test\.account:\n {4}CloudFormation refuses/,
  );
  expect(out).not.toMatch(/added (rule|example)/);
});

test('--json prints one object for each change, the worst first', async () => {
  const after = templateOf(stageOf({ ...written, journalDays: 7 }));

  const { out } = await compare(before, after, '--json');

  const [worst, ...rest] = out.split('\n').map((line) => JSON.parse(line) as { readonly level: string });
  expect(worst).toMatchObject({
    level: 'data',
    action: 'changed',
    thing: 'bucket',
    properties: ['LifecycleConfiguration'],
  });
  expect(rest.map(({ level }) => level)).not.toContain('data');
});

test.each([
  [
    'a template that is not there',
    undefined,
    /^relay explain-diff: there is no template .*; write it with npx cdk synth, or name another with --template$/,
  ],
  ['what is not JSON', 'Resources:\n  A: b', /is not JSON; give a template as cdk synth writes it/],
  ['what is no template', '[]', /has no Resources; give a template/],
])('%s is one line and exit code 2', async (_, text, line) => {
  const file = join(folder, 'odd.json');
  if (text === undefined) await rm(file, { force: true });
  else await writeFile(file, text);

  const { code, out, problems } = await runRelay(['explain-diff', '--template', file, '--against', file]);

  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(problems).toMatch(line);
  expect(problems).not.toContain('\n');
});

function ofStream(changes: Partial<StreamSettings>): Partial<StageSettings> {
  return { streams: [{ ...stream, ...changes }] };
}

function edited(edit: (resource: Template['Resources'][string]) => void): Template {
  const copy = structuredClone(before);
  for (const resource of Object.values(copy.Resources)) edit(resource);
  return copy;
}

async function compare(one: Template, other: Template, ...flags: readonly string[]) {
  const files = [join(folder, 'before.json'), join(folder, 'after.json')] as const;
  await writeFile(files[0], JSON.stringify(one));
  await writeFile(files[1], JSON.stringify(other));
  const told = await runRelay(['explain-diff', '--against', files[0], '--template', files[1], ...flags]);
  return { ...told, lines: told.out.split('\n'), out: unwrapped(told.out) };
}

/** With each paragraph on one line. */
function unwrapped(out: string): string {
  return out.replaceAll(/\n {4}.*(\n {4}.*)+/g, (lines) => `\n    ${lines.trim().replaceAll(/\n +/g, ' ')}`);
}

/** What stands below a heading. */
function partOf(out: string, heading: string): string {
  return out.split('\n\n').find((part) => part.startsWith(heading)) ?? '';
}
