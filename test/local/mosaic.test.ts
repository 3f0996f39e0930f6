import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const script = new URL('../../local/mosaic.ts', import.meta.url).pathname;

async function run(...flags: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [script, ...flags])) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

test('--help describes the program and ends well', async () => {
  expect(await run('--help')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Usage: npm run mosaic/),
    stderr: '',
  });
});

test.each([
  [['--bogus'], /--bogus/],
  [
    ['--port', 'x'],
    /^npm run mosaic: --port "x" is not a whole number from 0 to 65535; without the flag it is 0$/,
  ],
  [['--rate', '-1'], /rate/],
  [['--source', 'nope'], /--source "nope" is not one of short, /],
  [['--story', '--attack', 'lockout@14:00'], /--attack "lockout" is not one of .*; did you mean lockouts\?$/],
  [['--story', '--rate', '3'], /--story and --rate do not go together/],
  [['extra'], /extra/],
])('%j is one clear line and exit 2', async (flags, line) => {
  const { code, stdout, stderr } = await run(...flags);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(line)]);
});

test('its curl lines name the five calls of the guide, which work, and an interrupt ends it well', async () => {
  const child = spawn(process.execPath, [script, '--rate', '3'], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (printed.includes('Ctrl-C')) break;
  }
  const value = (name: string) => new RegExp(`^ {2}${name} +(\\S+)$`, 'm').exec(printed)?.[1] ?? '';
  const grant = /-d (grant_type=\S+) -d (client_id=\S+) -d (client_secret=\S+) /
    .exec(printed)
    ?.slice(1)
    .join('&');
  const granted = await fetch(`${value('base URL')}/oidc/token`, {
    method: 'POST',
    body: new URLSearchParams(grant),
  });
  const { access_token } = (await granted.json()) as { access_token: string };
  expect(grant).toContain(value('client secret'));

  expect(
    [...printed.matchAll(/curl -X (\w+) "[^"]*\/activities\/([a-z-]+)\?/g)].map(([, ...call]) => call),
  ).toEqual([
    ['PUT', 'start-collect'],
    ['PUT', 'stream'],
    ['POST', 'collect'],
    ['DELETE', 'stream'],
    ['DELETE', 'stop-collect'],
  ]);
  expect(printed).toMatch(/-X PUT "[^"]*stream_id=mine&retention=7"/);
  const statuses: number[] = [];
  for (const [, method = '', url = ''] of printed.matchAll(/curl -X (\w+) "([^"]+)"/g)) {
    statuses.push(
      (await fetch(url, { method, headers: { authorization: `Bearer ${access_token}` } })).status,
    );
  }
  expect(statuses).toEqual([200, 200, 201, 200, 200]);

  child.kill('SIGINT');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('with a story it says so, and which attacks are played', async () => {
  const flags = ['--story', '--attack', 'spraying@14:00'];
  const child = spawn(process.execPath, [script, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (printed.includes('Ctrl-C')) break;
  }

  expect(printed).toMatch(
    /^The simulated Mosaic listens\. It tells a story, with spraying at 14:00 UTC: cis, /,
  );
});
