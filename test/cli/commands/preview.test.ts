import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../../functions/stored/run-item.ts';
import { type StageUnderTest, startStage } from '../local-stage.ts';
import { localRunFolder, runRelay } from '../run-relay.ts';
import { collectedAt, type SmallRelay, startSmallRelay } from '../small-relay.ts';

describe('preview', () => {
  let small: SmallRelay;
  let folder: Awaited<ReturnType<typeof localRunFolder>>;
  beforeEach(async () => {
    small = await startSmallRelay();
    folder = await localRunFolder({ ...small.local, now: Date.UTC(2026, 2, 1, 12) });
  });
  afterEach(() => Promise.all([small.close(), folder.remove()]));

  const preview = (...args: readonly string[]) =>
    runRelay(['preview', '--local', '--out', folder.path, '--stream', 'cis', '--destination', 's3', ...args]);
  const fileWith = async (name: string, text: string) => {
    const path = join(folder.path, name);
    await writeFile(path, text);
    return path;
  };
  const events = [
    '{"activity":"get_user","user_id":"jo"}',
    '{"activity":"login","user_id":"jo","ip":"10.0.0.1"}',
  ];
  const key = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:view-AbCdEf';
  const quieter = { activities: { drop: ['get_user'] }, members: { user_id: 'pseudonym' }, key };

  test('of a drafted view reads the journal alone: it writes nothing and asks for no key', async () => {
    await small.collect([events]);
    const before = small.aws.calls.length;

    const { code, out } = await preview(
      '--view',
      await fileWith('view.json', JSON.stringify(quieter)),
      '--json',
    );

    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ...{ stream: 'cis', destination: 's3', view: expect.stringMatching(/^preview@[0-9a-f]{8}$/) },
      ...{ from: '2026-02-28T12:00:00.000Z', to: '2026-03-01T12:00:00.000Z', batches: 1, isWhole: true },
      ...{ events: 2, dropped: 1, refused: 0, seen: 1 },
      rules: [
        { rule: 'drop get_user', met: 1, events: 1, share: 0.5 },
        { rule: 'pseudonym user_id', met: 1, events: 1, share: 1 },
      ],
    });
    expect(out).not.toMatch(/jo"|10\.0\.0\.1/);
    const made = small.aws.calls.slice(before).map(({ call }) => `${call.service}:${call.operation}`);
    expect(made.filter((name) => !/^(s3:(List|Get)|dynamodb:(Get|Query))/.test(name))).toEqual([]);
  });

  test.each([
    ['a module that exports view', 'view.mjs', `export const view = ${JSON.stringify(quieter)};`],
    ['a default export', 'view.ts', `export default ${JSON.stringify(quieter)} as const;`],
    [
      'the settings of the stage',
      'stages.mjs',
      `export const stages = { dev: { environment: 'eu', secret: 's', region: 'us-east-1', terminationProtection: false, views: { mine: ${JSON.stringify(quieter)} }, streams: [
        { name: 'cis', id: 'relay-cis', type: 'cis', destinations: [{ kind: 's3', view: 'mine' }] } ] } };`,
    ],
  ])('takes a view from %s', async (_, name, text) => {
    await small.collect([events]);

    const { code, out, problems } = await preview('--view', await fileWith(name, text), '--show', '1');

    expect({ code, problems }).toEqual({ code: 0, problems: '' });
    expect(out).toContain('2 events in 1 batch: 1 dropped (50 %), 1 seen');
    expect(out).toContain(`before  ${events[0]}\nafter   dropped`);
    expect(out).not.toContain('10.0.0.1');
  });

  test('tells a range without events, and ends with 1', async () => {
    await small.collect([events]);
    const view = await fileWith('view.json', JSON.stringify(quieter));

    const { code, out } = await preview('--view', view, '--from', '2026-03-01T11:00', '--json');

    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ events: 0, rules: [{ met: 0 }, { met: 0 }] });
  });

  test('reads batches from all over the range for a sample, and reckons the whole from them', async () => {
    for (let run = 0; run < 40; run += 1)
      await small.collect(
        [Array.from({ length: 25 }, (_, index) => (index % 5 === 0 ? events[0]! : events[1]!))],
        {
          run: `run-${run}`,
          collectedAt: collectedAt + run,
        },
      );
    const view = await fileWith('view.json', JSON.stringify(quieter));

    const { out } = await preview('--view', view, '--sample', '100', '--json');

    const found = JSON.parse(out);
    expect(found).toMatchObject({ isWhole: false, batches: 4, factor: 10 });
    expect(found).toMatchObject({ events: 1_000, dropped: 200, seen: 800 });
  });

  test('leaves out a batch that is no array of events, and counts it', async () => {
    const received = Buffer.from('{"events":[]}');
    await small.collect([[]], { answer: { received, encoding: 'identity' } });
    await small.collect([events], { run: 'run-2' });

    const { out } = await preview('--view', await fileWith('view.json', JSON.stringify(quieter)), '--json');

    expect(JSON.parse(out)).toMatchObject({ batches: 2, damaged: 1, events: 2 });
  });

  describe('refuses bad input in one line, with exit code 2:', () => {
    test.each<[string, string, RegExp]>([
      ['an unknown action', '{"members":{"ip":"hide"},"key":"x"}', /members\.ip: .*hide.*; .*\.key: /],
      ['an empty view', '{}', /view\.json\.preview: is empty/],
      ['a list', '[]', /is not an object/],
      ['both keep and drop', '{"activities":{"keep":["a"],"drop":["b"]}}', /has both keep and drop/],
      ['no key', '{"members":{"ip":"mask"}}', /key: is missing/],
      ['no JSON', '{"members":', /^relay preview: view\.json/],
    ])('%s', async (_, text, problem) => {
      const { code, problems, out } = await preview('--view', await fileWith('view.json', text));

      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(problems).toMatch(problem);
      expect(problems.split('\n')).toHaveLength(1);
    });

    test.each<[string, readonly string[], RegExp]>([
      ['a destination without a view', [], /destination s3 of cis has no view; give one with --view FILE/],
      ['no such destination', ['--destination', 'lake'], /has no destination|more than once|--destination/],
      ['a file that is not there', ['--view', 'nowhere.json'], /there is no file nowhere\.json/],
      ['a sample of nothing', ['--sample', '0'], /--sample "0" is not a whole number/],
      ['a time that is none', ['--from', 'yesterday'], /--from "yesterday" is not a time/],
      ['a range backwards', ['--from', 'now', '--to', '-2h'], /--from now is not before --to -2h/],
    ])('%s', async (_, args, problem) => {
      const { code, problems } = await preview(...args);

      expect(code).toBe(2);
      expect(problems).toMatch(problem);
      expect(problems.split('\n')).toHaveLength(1);
    });

    test('settings that give the destination no view', async () => {
      const text = `export const stages = { dev: { environment: 'eu', secret: 's', terminationProtection: false, streams: [{ name: 'cis', id: 'relay-cis', type: 'cis' }] } };`;
      const { code, problems } = await preview('--view', await fileWith('stages.mjs', text));

      expect(code).toBe(2);
      expect(problems).toBe('relay preview: stages.mjs gives destination s3 of cis no view');
    });
  });
});

describe('the preview of the view that a destination of the stage dev has', () => {
  let stage: StageUnderTest;
  beforeAll(async () => {
    stage = await startStage();
  }, 120_000);
  afterAll(() => stage?.close());

  const collect = async (events: number): Promise<RunRecord> => {
    stage.source.generate(stage.streams, events, 60_000);
    expect(await stage.relay('run-now --stream cis')).toMatchObject({ code: 0 });
    const { out } = await stage.relay('runs --stream cis --from -1h --json');
    const records = out.split('\n').map((line) => JSON.parse(line) as RunRecord);
    return records.toSorted((one, other) => one.startedAt - other.startedAt).at(-1)!;
  };

  test('estimates what its drop list drops of the next run within 2 %', async () => {
    const unkept = await stage.relay('preview --stream cis --destination lake');
    expect(unkept).toMatchObject({ code: 2, problems: expect.stringContaining('after its first delivery') });
    await collect(3_000);

    const { code, out } = await stage.relay('preview --stream cis --destination lake --json');
    const next = await collect(3_000);

    const { events, dropped } = JSON.parse(out);
    const { dropped: actual, events: given } = next.views!.lake!;
    expect(code).toBe(0);
    expect([events, given]).toEqual([3_000, 3_000]);
    expect(actual).toBeGreaterThan(50);
    expect(Math.abs(dropped - actual) / actual).toBeLessThanOrEqual(0.02);
    expect(
      JSON.parse(out).rules.map(({ rule, met }: { rule: string; met: number }) => [rule, met > 0]),
    ).toEqual([
      ['drop get_user', true],
      ['drop get_users', true],
      ['pseudonym device_id', true],
      ['pseudonym user_id', true],
    ]);
    expect(stage.world.denials).toEqual([]);
  });
});
