import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandRun, localRunFolder, runRelay } from '../run-relay.ts';
import { collectedAt, type SmallRelay, startSmallRelay } from '../small-relay.ts';

let small: SmallRelay;
let mayRead = true;
let folder: Awaited<ReturnType<typeof localRunFolder>>;

const login = '{"activity":"login_success","user_id":"u-1"}';
const logout = '{"activity":"logout",\n "user_id":"u-2"}';
const nameless = '{"user_id":"u-3"}';

beforeAll(async () => {
  small = await startSmallRelay({
    authorize: ({ operation, path }) =>
      mayRead || operation !== 'GetObject' || !path.includes('/journal/')
        ? { allowed: true }
        : { allowed: false, reason: 'denied', message: 'not yours' },
  });
  await small.collect([[login, logout], [nameless]]);
  folder = await localRunFolder(small.local);
});
afterAll(async () => {
  await small.close();
  await folder.remove();
});

function tail(args: string, terminal: Parameters<typeof runRelay>[1] = {}): Promise<CommandRun> {
  return runRelay([...`tail --local --out ${folder.path} ${args}`.split(' ')], terminal);
}

const since = '--since -2h --once';

test('shows each event with its time, stream and activity, on one line as Mosaic sent it', async () => {
  const time = new Date(collectedAt).toISOString().replace('T', ' ').slice(0, 19);

  expect(await tail(since)).toEqual({
    code: 0,
    problems: '',
    out: [
      `${time} cis login_success ${login}`,
      `${time} cis logout ${logout.replace('\n', ' ')}`,
      `${time} cis - ${nameless}`,
    ].join('\n'),
  });
});

test.each([
  ['--activity login_success', ['u-1']],
  ['--activity log*', ['u-1', 'u-2']],
  ['--activity log', []],
  ['--contains u-3', ['u-3']],
  ['--type cis --contains u-2', ['u-2']],
])('%s shows those events alone', async (args, users) => {
  const { out } = await tail(`${since} --json ${args}`);

  const lines = out.split('\n').filter((line) => line !== '');
  const shown = lines.map((line) => JSON.parse(JSON.parse(line).event).user_id);
  expect(shown).toEqual(users);
});

test('goes on with what is journaled while it waits, each event once, and ends with 0 at Ctrl-C', async () => {
  const ending = new AbortController();
  const lines: string[] = [];
  const ended = tail('--since -2h', {
    interrupted: ending.signal,
    out: (line) => {
      lines.push(line);
      if (lines.length === 3) void small.collect([['{"activity":"later"}']], { run: 'run-2' });
      if (line.includes('later')) ending.abort();
    },
  });

  expect((await ended).code).toBe(0);
  expect(lines).toHaveLength(4);
}, 30_000);

test('the lines of a destination in S3 are shown as they were delivered', async () => {
  const replayed = await runRelay(
    `replay --local --out ${folder.path} --stream cis --source journal --from -2h --destination s3`.split(
      ' ',
    ),
  );
  await small.settle();

  const { code, out } = await tail(`${since} --stream cis --destination s3 --activity login_success`);

  expect([replayed.code, code]).toEqual([0, 0]);
  expect(out).toMatch(/^\S+ \S+ cis login_success \{.*"user_id":"u-1".*"replayed":true\}\}$/);
});

test('whoever may not read the journal sees no event', async () => {
  mayRead = false;
  const { code, out, problems } = await tail(since);
  mayRead = true;

  expect([code, out]).toEqual([2, '']);
  expect(problems).toMatch(
    /^relay tail: looked for events in the local run of stage dev: it is not allowed: /,
  );
  expect(problems.split('\n')).toHaveLength(1);
});

test.each([
  [
    '--stream cis --destination siem',
    /what siem of cis holds cannot be read from here, since it is of the kind http;/,
  ],
  ['--stream cis --destination none', /stream cis has no destination none/],
  ['--destination s3', /--destination goes only with --stream ID/],
  ['--type risk', /no stream of the local run of stage dev is of these types/],
  ['--type risks', /--type "risks" is not one of .*did you mean risk/],
])('%s is refused in one line', async (args, problem) => {
  const { code, out, problems } = await tail(args);

  expect([code, out]).toEqual([2, '']);
  expect(problems).toMatch(problem);
  expect(problems.split('\n')).toHaveLength(1);
});
