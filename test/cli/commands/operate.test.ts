import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '../../../cli/doctor/check.ts';
import { statusLine, statusSchemaText } from '../../../cli/status/status-lines.ts';
import type { StreamStatus } from '../../../cli/status/stream-status.ts';
import { runRelay, type StageUnderTest, startStage } from '../local-stage.ts';

let stage: StageUnderTest;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.close());

async function status(stream: string): Promise<StreamStatus> {
  const { out } = await stage.relay(`status --stream ${stream} --json`);
  const [, line = ''] = out.split('\n');
  return (JSON.parse(line) as { readonly stream: StreamStatus }).stream;
}

describe('status', () => {
  test('tells every stream before anything has run', async () => {
    const { code, out } = await stage.relay('status');

    const lines = out.split('\n').map((line) => line.split(/ {2,}/));
    expect(code).toBe(0);
    expect(out).toMatch(/^quiet: dev delivers what it collects; nothing waits\nthe local run of stage dev, /);
    expect(lines.slice(3, 8)).toEqual([
      ['STREAM', 'VERDICT', 'SCHEDULE', 'LAST RUN', 'LAST EVENT'],
      ['admin', 'quiet', 'every 15 minutes', 'never', '-'],
      ['cis', 'quiet', 'every 5 minutes', 'never', '-'],
      ['risk', 'quiet', 'every 5 minutes', 'never', '-'],
      ['verify', 'quiet', 'every 10 minutes', 'never', '-'],
    ]);
    expect(lines[9]).toEqual(['DESTINATION', 'VERDICT', 'WAITING', 'OLDEST']);
    expect(lines).toContainEqual(['cis/splunk', 'quiet', '-', '-']);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('with --json prints lines of the schema that docs/status.schema.json is written from', async () => {
    const { out } = await stage.relay('status --json');

    const lines = out.split('\n').map((line) => JSON.parse(line) as object);
    expect(lines.map((line) => Object.keys(line))).toEqual([
      ['stage'],
      ['stream'],
      ['stream'],
      ['stream'],
      ['stream'],
    ]);
    for (const line of lines) expect(statusLine.safeParse(line)).toMatchObject({ success: true });
    expect(await readFile(join(import.meta.dirname, '../../../docs/status.schema.json'), 'utf8')).toBe(
      statusSchemaText(),
    );
  });

  test('is coloured on a terminal alone', async () => {
    const plain = await stage.relay('status');
    const coloured = await stage.relay('status', { isTerminal: true });

    expect(plain.out).not.toContain('\u001b');
    expect(coloured.out).toContain('\u001b[');
  });

  test('with --watch ends at Ctrl-C', async () => {
    expect(await stage.relay('status --watch', { interrupted: AbortSignal.abort() })).toMatchObject({
      code: 0,
    });
  });

  test('counts the objects in quarantine', async () => {
    const { deployment, gatewayUrl, region } = stage.world;
    const s3 = new S3Client({
      endpoint: gatewayUrl,
      region,
      credentials: stage.world.operatorCredentials(),
      forcePathStyle: true,
    });
    const Key = 'quarantine/admin/2026-03-02/run/000001.json';
    await s3.send(new PutObjectCommand({ Bucket: String(deployment.outputs.BucketName), Key, Body: 'x' }));
    s3.destroy();

    expect(await status('admin')).toMatchObject({
      verdict: 'waiting for you',
      quarantined: { entries: 1, ofNobody: 0 },
      destinations: [
        {
          verdict: 'waiting for you',
          waiting: { events: 1, known: 'atLeast' },
          places: { quarantine: { events: 1, known: 'atLeast' }, backup: { events: 0, known: 'exactly' } },
          next: `npx relay replay --stream admin --source quarantine --dry-run --stage dev --local --out ${stage.out}`,
        },
      ],
    });
    expect((await stage.relay('status')).out).toMatch(/^admin\/s3 +waiting for you +at least 1 event /m);
  });

  test('with --exit-code gives 1 where somebody has to look, and 0 elsewhere', async () => {
    expect((await stage.relay('status --exit-code')).code).toBe(1);
    expect((await stage.relay('status --stream verify --exit-code')).code).toBe(0);
    expect((await stage.relay('status')).code).toBe(0);
  });
});

describe('pause and resume', () => {
  test('a paused stream says so, with the time until which Mosaic keeps its events and the command that resumes it', async () => {
    const paused = await stage.relay('pause --stream relay-risk');

    expect(paused.code).toBe(0);
    expect(paused.out).toMatch(
      /^risk: paused; Mosaic keeps what is not collected until 2026-03-03 08:\d\d UTC/,
    );
    expect(paused.out).toContain('so does a deploy that changes the schedule');
    expect((await status('risk')).schedule).toMatchObject({ on: false, expression: 'cron(0/5 * * * ? *)' });
    const shown = (await stage.relay('status --stream risk')).out;
    expect(shown).toMatch(/^waiting for you: risk; /);
    expect(shown.replaceAll(/\s+/g, ' ')).toContain('risk it is paused: what is not collected by');
    expect(shown).toContain(`  next: npx relay resume --stream risk --stage dev --local --out ${stage.out}`);
    expect((await stage.relay('pause --stream risk')).out).toContain('risk: was paused already');
  });

  test('only the collect schedule is turned and marked, and everything else of it stays', async () => {
    const group = stage.world.deployment.stackName;
    const before = stage.world.scheduler.propertiesOf(`${group}/cis-collect`);
    await stage.relay('pause --stream cis');

    expect(stage.world.scheduler.propertiesOf(`${group}/cis-collect`)).toMatchObject({
      ...before,
      State: 'DISABLED',
      Description: 'collect of cis (paused by relay pause)',
    });
    expect(stage.world.scheduler.propertiesOf(`${group}/cis-sweep`)).not.toHaveProperty('State');
  });

  test('resume turns on the schedules that are off, and names those that were on', async () => {
    const { code, out } = await stage.relay('resume --all');

    expect(code).toBe(0);
    expect(out).toContain('cis: resumed; it collects every 5 minutes');
    expect(out).toContain('admin: was not paused');
    expect((await status('cis')).schedule.on).toBe(true);
    const group = stage.world.deployment.stackName;
    expect(stage.world.scheduler.propertiesOf(`${group}/cis-collect`)?.Description).toBe('collect of cis');
  });

  test('of all streams is asked about first, and refused where nobody can be asked', async () => {
    const unasked = await stage.relay('pause --all');
    const refused = await stage.relay('pause --all', { ask: async () => 'n' });

    expect(unasked).toMatchObject({
      code: 2,
      out: '',
      problems: expect.stringMatching(
        /^relay pause: This pauses the collecting of 4 streams of the local run of stage dev \(admin, cis, risk, verify\); .* say --yes to go on$/,
      ),
    });
    expect(refused).toMatchObject({
      code: 1,
      out: '',
      problems: expect.stringMatching(/nothing was paused$/),
    });
    expect((await status('cis')).schedule.on).toBe(true);
    expect((await stage.relay('pause --stream cis --yes')).problems).toContain('--yes goes only with --all');
    expect((await stage.relay('pause --all', { ask: async () => 'yes' })).code).toBe(0);
    expect((await status('cis')).schedule.on).toBe(false);
    await stage.relay('resume --all');
  });

  test('neither happens to every stream by omission', async () => {
    expect(await stage.relay('pause')).toMatchObject({
      code: 2,
      problems: 'relay pause: --stream ID or --all is needed; --help tells more',
    });
  });
});

describe('run-now and runs', () => {
  test('a run collects the waiting events, and its record is printed', async () => {
    stage.source.generate(stage.streams, 1_500, 60_000);

    const told = await stage.relay('run-now --stream verify');

    expect(told).toMatchObject({ code: 0, problems: '' });
    expect(told.out).toMatch(/^verify: drained, 1,500 events in 2 batches, /);
    expect(await status('verify')).toMatchObject({ lagMs: 0, openRuns: 0, lastRun: { outcome: 'drained' } });
  });

  test('the history is a table and a sparkline', async () => {
    const { code, out } = await stage.relay('runs --stream verify');

    expect(code).toBe(0);
    expect(out).toMatch(/^STARTED +OUTCOME +EVENTS/);
    expect(out).toMatch(/^2026-03-02 08:\d\d UTC {2}drained {2}1,500 {3}2 {8}1\/1\/2 /m);
    expect(out).toMatch(/^·{50,}█$/m);
    expect(out).toMatch(/^1,500 events in 1 run from 2026-03-01 /m);
  });

  test('with --json, every run is an object', async () => {
    const { out } = await stage.relay('runs --stream verify --from -1h --json');

    expect(JSON.parse(out)).toMatchObject({ outcome: 'drained', events: 1_500 });
  });

  test('a run whose secret Mosaic refuses is told in one line, without the secret', async () => {
    const secret = stage.simulator.clientSecret;
    stage.simulator.rotateSecret('another');
    stage.simulator.revokeTokens();

    const { code, out, problems } = await stage.relay('run-now --stream risk');
    stage.simulator.rotateSecret(secret);

    expect(code).toBe(1);
    expect(out).toBe('');
    expect(problems).toMatch(/^relay run-now: the collect of risk failed: .*40\d/);
    expect(problems).not.toContain('\n');
    expect(problems).not.toContain(secret);
    expect(await status('risk')).toMatchObject({ lastRun: { outcome: 'failed' } });
    expect((await stage.relay('status')).out).toMatch(/^ {2}the last run failed with \w+$/m);
  });

  test('a sweep can be run as well', async () => {
    expect(await stage.relay('run-now --stream verify --sweep')).toMatchObject({
      code: 0,
      out: 'verify: swept; npx relay status shows what is left',
    });
  });
});

describe('doctor', () => {
  const findings = async (args = '') => {
    const { out } = await stage.relay(`doctor --json${args}`);
    return out.split('\n').map((line) => JSON.parse(line) as Finding);
  };

  test('a stage that has run fails no check, and the skipped checks say why', async () => {
    const { code, out } = await stage.relay('doctor');

    expect(out).toMatch(/^ok {7}token: /m);
    expect(out).toMatch(/^ok {7}stream verify: Mosaic answered for relay-verify /m);
    expect(out).toMatch(/^skipped {2}readers of verify: Mosaic tells nobody who reads/m);
    expect(out).toMatch(/^ok {7}destination cis\/splunk: .* with indexer acknowledgement/m);
    expect(out).toMatch(/^ok {7}destination verify\/gcs: bucket example-mosaic-events-dev is there/m);
    // The run above whose secret was refused.
    expect(out).toMatch(/^FAILED {3}stream risk: the last run, .* failed with /m);
    expect(code).toBe(1);
    expect((await stage.relay('run-now --stream risk')).code).toBe(0);
    expect((await stage.relay('doctor --stream risk')).code).toBe(0);
  });

  test('fails while something waits for somebody, with the command to type', async () => {
    const { code, out } = await stage.relay('doctor');

    expect(code).toBe(1);
    expect(out.split('\n').filter((line) => line.startsWith('FAILED'))).toEqual([
      expect.stringMatching(
        /^FAILED {3}destination admin\/s3: its receiver has not got at least 1 event in quarantine; the oldest for .* → npx relay replay --stream admin --source quarantine --dry-run --stage dev --local /,
      ),
    ]);
  });

  test('can be told to look at one stream, as an alarm of a stream says', async () => {
    const told = (await findings(' --stream admin')).map(({ about }) => about);

    expect(told).toContain('stream admin');
    expect(told).toContain('destination admin/s3');
    expect(told).toContain('firehose quota of admin/s3');
    expect(told.join()).not.toMatch(/\b(cis|risk|verify)\b/);
  });

  test('reads no event and changes no stream', async () => {
    const before = stage.simulator.calls.length;

    await findings();

    expect(stage.simulator.calls.slice(before).map(({ operation }) => operation)).toEqual(['token']);
  });

  test('a secret that was rotated under it is found', async () => {
    const secret = stage.simulator.clientSecret;
    stage.simulator.rotateSecret('another');

    const token = (await findings()).find(({ about }) => about === 'token');
    stage.simulator.rotateSecret(secret);

    expect(token).toMatchObject({ verdict: 'failed', remedy: expect.stringContaining('management app') });
  });
});

describe('alarm-test', () => {
  test.each([
    ['', 'Failing', 'mosaic-relay-dev-alarms'],
    [' --severity waiting', 'Paused', 'mosaic-relay-dev-alarms-waiting'],
    [' --alarm WaitingForOperator', 'WaitingForOperator', 'mosaic-relay-dev-alarms-waiting'],
  ])(
    'with%s an alarm is set and notifies its own topic; that nobody listens is a gap',
    async (flags, name, topic) => {
      const before = stage.world.sns.published.length;
      const { code, out, problems } = await stage.relay(`alarm-test --stream risk${flags} --yes`);

      expect(code).toBe(1);
      expect(out).toBe(`mosaic-relay-dev-risk-${name} is set to ALARM`);
      expect(problems).toMatch(new RegExp(`^relay alarm-test: nobody is subscribed to topic ${topic}:`));
      const told = stage.world.sns.published
        .slice(before)
        .filter(({ message }) => message.includes('"ALARM"'));
      expect(told.map(({ subject, topicArn }) => [subject, topicArn.split(':').at(-1)])).toEqual([
        [`ALARM: "mosaic-relay-dev-risk-${name}" in the local run`, topic],
      ]);
    },
  );

  test('nobody is paged before somebody agreed', async () => {
    const before = stage.world.sns.published.length;

    expect(await stage.relay('alarm-test --stream risk --alarm Silent')).toMatchObject({
      code: 2,
      problems: expect.stringMatching(
        /^relay alarm-test: This sets the alarm mosaic-relay-dev-risk-Silent .* --yes/,
      ),
    });
    expect((await stage.relay('alarm-test --stream risk --alarm Silent', { ask: async () => '' })).code).toBe(
      1,
    );
    expect(stage.world.sns.published).toHaveLength(before);
  });

  test('an alarm that is not there is not set', async () => {
    expect(await stage.relay('alarm-test --stream risk --alarm Sleepy --yes')).toMatchObject({
      code: 2,
      problems: expect.stringMatching(/^relay alarm-test: there is no alarm mosaic-relay-dev-risk-Sleepy/),
    });
  });
});

describe('a failure that an operator can remedy is one line, and exit code 2', () => {
  test.each([
    ['status --stream nothing', /there is no stream nothing in the local run of stage dev; there are admin/],
    ['status --watch --json', /--watch and --json do not go together/],
    [
      'doctor --stream nothing',
      /there is no stream nothing in the local run of stage dev; there are admin, cis/,
    ],
    ['run-now', /--stream ID is needed/],
    ['alarm-test --severity loud', /--severity "loud" is not one of urgent, waiting/],
    ['runs --stream cis --from tomorrow', /--from "tomorrow" is not a time/],
    ['runs --stream cis --limit 0', /--limit "0" is not a whole number/],
    [
      'runs --stream cis --from 2026-03-02 --to 2026-03-01',
      /--from 2026-03-02 is not before --to 2026-03-01/,
    ],
    ['resume --stream cis --all', /--stream and --all do not go together/],
    ['status --stage prod', /the local run of .* is of stage dev; say --stage dev/],
    ['status --verbose', /there is no flag --verbose/],
  ])('%s', async (args, problem) => {
    const { code, problems, out } = await stage.relay(args);

    expect(code).toBe(2);
    expect(problems).toMatch(problem);
    expect(problems.split('\n')).toHaveLength(1);
    expect(out).toBe('');
  });

  test('a local run that is not there', async () => {
    const none = await runRelay(['status', '--local', '--out', join(stage.out, 'nowhere')]);
    expect(none).toMatchObject({ code: 2, out: '' });
    expect(none.problems).toMatch(/^relay status: looked for a local run in .*: there is none; start one:/);
  });
});

test('every call was one that the gateway knows and the policies allow', () => {
  expect(stage.world.refusals).toEqual([]);
  expect(stage.world.denials).toEqual([]);
});
