import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StageUnderTest, startStage } from '../local-stage.ts';

const program = join(import.meta.dirname, '../../../cli/relay.ts');
let stage: StageUnderTest;

beforeAll(async () => {
  stage = await startStage();
  stage.source.generate(stage.streams, 5, 60_000);
  await stage.relay('run-now --stream cis');
  const secret = stage.simulator.clientSecret;
  stage.simulator.rotateSecret('another');
  stage.simulator.revokeTokens();
  await stage.relay('run-now --stream risk');
  stage.simulator.rotateSecret(secret);
}, 120_000);
afterAll(() => stage?.close());

test('shows the lines of a stream, and neither metrics nor those of another one', async () => {
  const { code, out, problems } = await stage.relay('logs --stream cis');

  expect([code, problems]).toEqual([0, '']);
  const lines = out.split('\n');
  expect(lines[0]).toMatch(/^2026-03-02 08:\d\d:\d\d\.\d{3} cis collector INFO started task=collect /);
  expect(lines.at(-1)).toMatch(/ cis collector INFO ended task=collect .*outcome=drained events=5 /);
  expect(out).not.toContain('_aws');
  expect(out).not.toContain('risk');
});

test('with --errors shows what failed, of every stream, and no secret', async () => {
  const { code, out } = await stage.relay('logs --errors');

  expect(code).toBe(0);
  expect(out).toMatch(/^\S+ \S+ risk collector ERROR ended task=collect .*code=CredentialRefused/m);
  expect(out).not.toContain(' INFO ');
  expect(out).not.toContain(stage.simulator.clientSecret);
});

test('with --since leaves out what is older, and with --json says where each line stands', async () => {
  const later = new Date(stage.world.clock.now() + 1_000).toISOString();
  expect((await stage.relay(`logs --since ${later}`)).out).toBe('');

  const { out } = await stage.relay('logs --stream cis --json');
  expect(JSON.parse(out.split('\n')[0]!)).toMatchObject({
    time: expect.stringMatching(/^2026-03-02T08:/),
    logGroup: '/aws/lambda/mosaic-relay-dev-cis-collector',
    logStream: expect.stringMatching(/^2026\/03\/02\/\[\$LATEST\][0-9a-f]{32}$/),
    message: expect.stringContaining('"message":"started"'),
  });
});

test('the lines of Firehose are among them', async () => {
  stage.receivers.of('cis', 'splunk')!.receiver.faults.down = true;
  const { clock, firehose } = stage.world;
  await clock.runUntil(() => firehose.errorLog.length > 0, clock.now() + 3_600_000);
  stage.receivers.of('cis', 'splunk')!.receiver.faults.down = false;

  const { out } = await stage.relay('logs --stream cis --errors --since 2026-03-02');

  expect(out).toMatch(/^\S+ \S+ cis\/splunk delivery ERROR Splunk\.\w+: /m);
});

test.each([
  ['logs --stream nothing', /there is no stream nothing in the local run/],
  ['logs --since tomorrow', /--since "tomorrow" is not a time/],
  ['logs --folow', /there is no flag --folow; did you mean --follow\?/],
])('%s is refused in one line', async (args, problem) => {
  const { code, out, problems } = await stage.relay(args);

  expect([code, out]).toEqual([2, '']);
  expect(problems).toMatch(problem);
  expect(problems.split('\n')).toHaveLength(1);
});

test('with --follow gives a line that comes later, and ends with 0 at Ctrl-C', async () => {
  const following = follow();
  await following.said(/outcome=drained events=5 /);
  await stage.relay('run-now --stream admin');
  await following.said(/admin collector INFO ended task=collect/);
  following.child.kill('SIGINT');

  expect(await following.ended).toEqual({ code: 0, stderr: '' });
  const ends = following.stdout().match(/cis collector INFO ended/g);
  expect(ends).toHaveLength(1);
}, 60_000);

test('a reader that has enough, as head has, ends the command without a word', async () => {
  const following = follow();
  await following.said(/\n/);
  following.child.stdout.destroy();
  await stage.relay('run-now --stream admin');

  expect(await following.ended).toEqual({ code: 0, stderr: '' });
}, 60_000);

/** The command as a process of its own. */
function follow() {
  const args = ['logs', '--local', '--out', stage.out, '--follow'];
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // What npm sets makes the program say which Node it has.
    env: { PATH: process.env.PATH },
  });
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const look of waiting) look();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return {
    child,
    stdout: () => stdout,
    ended: new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr }))),
    said: (pattern: RegExp) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (pattern.test(stdout)) resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}
