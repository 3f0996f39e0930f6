import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localRunFolder, runRelay } from '../run-relay.ts';
import { collectedAt, events, numbersIn, type SmallRelay, startSmallRelay } from '../small-relay.ts';

let small: SmallRelay;
let folder: Awaited<ReturnType<typeof localRunFolder>>;
/** Calls that are refused, and why. */
let refusal: { readonly of: RegExp; readonly reason: 'denied' | 'expired' } | undefined;
beforeEach(async () => {
  refusal = undefined;
  small = await startSmallRelay({
    authorize: ({ operation, path }) =>
      refusal?.of.test(`${operation} ${path}`)
        ? { allowed: false, reason: refusal.reason, message: `not now: ${path}` }
        : { allowed: true },
  });
  folder = await localRunFolder(small.local);
});
afterEach(() => Promise.all([small.close(), folder.remove()]));

const replay = (...args: readonly string[]) => runRelay(['replay', '--local', '--out', folder.path, ...args]);

test('--help begins with the usage and ends with an example', async () => {
  const { code, out } = await runRelay(['replay', '--help']);

  expect(code).toBe(0);
  expect(out).toMatch(/^Usage: relay replay /);
  expect(out).toMatch(/Examples:\n {2}relay replay .*\n {2}relay replay .*$/);
});

test('a range of the journal is replayed, by hours ago, and counted', async () => {
  await small.collect([events(0, 3)]);

  const { code, out } = await replay('--stream', 'relay-cis', '--source', 'journal', '--from', '-2h');

  await small.settle();
  expect(code).toBe(0);
  expect(out).toBe(
    ['cis: 6 events sent again, of 1 object', '  3 from journal to s3', '  3 from journal to siem'].join(
      '\n',
    ),
  );
  expect(numbersIn(await small.linesAt('siem'))).toEqual([0, 1, 2]);
});

test('without a source, waiting events are replayed, and the journal is left alone', async () => {
  await small.collect([events(0, 3)]);
  await small.bucket.put('quarantine/cis/2026-03-01/run-1/000009.json', {
    body: Buffer.from('<html>'),
    metadata: { reason: 'invalid-json', encoding: 'identity', 'collected-at': '0', stream: 'relay-cis' },
  });

  const { code, out, problems } = await replay('--stream', 'cis', '--dry-run', '--json');

  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ stream: 'cis', dryRun: true, events: 0, failed: [{}] });
  expect(problems).toContain('quarantine/cis/2026-03-01/run-1/000009.json');
});

test('of an answer that was cut off, the bytes at the end that are no event are told', async () => {
  await small.bucket.put('quarantine/cis/2026-03-01/run-1/000009.json', {
    body: Buffer.from('[{"n":1},{"n":2},{"n'),
    metadata: { reason: 'cut-off', encoding: 'identity', 'collected-at': '0', stream: 'relay-cis' },
  });
  const told = (verb: string) =>
    [
      `cis: 4 events ${verb} again, of 1 object`,
      '  2 from quarantine to s3',
      '  2 from quarantine to siem',
      '  1 answer cut off: 2 whole events, and 4 bytes at the end that are no event',
      '    quarantine/cis/2026-03-01/run-1/000009.json: 2 events, then 4 bytes',
    ].join('\n');

  expect(await replay('--stream', 'cis', '--dry-run')).toMatchObject({ code: 0, out: told('would be sent') });
  expect(await replay('--stream', 'cis')).toMatchObject({ code: 0, out: told('sent') });
});

test('credentials that expire half-way end a replay with 1 and one line, and the same command goes on from there', async () => {
  await small.collect([events(0, 3), events(3, 5)]);
  const wanted = ['--stream', 'cis', '--source', 'journal', '--from', '-2h', '--destination', 's3'];
  refusal = { of: /GetObject .*000002/, reason: 'expired' };

  const ended = await replay(...wanted, '--yes');
  refusal = undefined;
  const again = await replay(...wanted, '--yes');

  await small.settle();
  expect({ code: ended.code, out: ended.out }).toEqual({ code: 1, out: '' });
  expect(ended.problems).toMatch(
    /^relay replay: .*credentials have expired.*the same command line goes on from here$/,
  );
  expect(again.code).toBe(0);
  expect(numbersIn(await small.linesAt('s3'))).toEqual([0, 1, 2, 3, 4]);
});

test('objects that may not be read are named together, and the objects after them are sent', async () => {
  await small.collect([events(0, 3), events(3, 5), events(5, 6)]);
  refusal = { of: /GetObject .*00000[12]/, reason: 'denied' };

  const { code, out, problems } = await replay(
    ...['--stream', 'cis', '--source', 'journal', '--from', '-2h', '--destination', 's3', '--yes'],
  );

  expect(code).toBe(1);
  expect(out).toContain('1 from journal to s3');
  expect(problems.match(/may not be read \(AccessDenied\).*\(2 times\)/g)).toHaveLength(1);
  expect(problems).toContain('journal/cis/2026-03-01/run-1/000002.json');
});

test('a refused listing ends a replay with 1 and one line', async () => {
  refusal = { of: /ListObjectsV2/, reason: 'denied' };

  const { code, problems } = await replay('--stream', 'cis');

  expect(code).toBe(1);
  expect(problems).toMatch(/^relay replay: looked for what waits for cis .*it is not allowed/);
  expect(problems.split('\n')).toHaveLength(1);
});

describe('more than 100,000 events', () => {
  const wanted = ['--stream', 'cis', '--source', 'journal', '--from', '-2h', '--destination', 's3'];
  beforeEach(() => small.collect([events(0, 100_001)]));

  test('are not sent without a terminal to ask on', async () => {
    const { code, problems } = await replay(...wanted);

    expect(code).toBe(2);
    expect(problems).toContain('--yes');
    expect(await small.keys('replayed/')).toEqual([]);
  });

  test('are not sent when the answer is no, and are when it is yes', async () => {
    const asked: string[] = [];
    const ask = (answer: string) => async (question: string) => {
      asked.push(question);
      return answer;
    };
    const args = ['replay', '--local', '--out', folder.path, ...wanted, '--rate', '1000000'];

    expect((await runRelay(args, { ask: ask('') })).code).toBe(1);
    expect((await runRelay(args, { ask: ask('y') })).code).toBe(0);
    expect(asked[0]).toBe('Go on? [y/N] ');
  });
});

describe('before anything is sent, what is too old for a receiver is told', () => {
  const wanted = ['--stream', 'cis', '--source', 'journal', '--from', '-2h'];
  beforeEach(async () => {
    const [collector] = small.local.functions;
    const settings = JSON.parse(collector!.environment.SETTINGS!);
    settings.destinations[1].ages = { past: 86_400, otherwise: 'drops', underWay: 0, hold: false };
    const environment = { ...collector!.environment, SETTINGS: JSON.stringify(settings) };
    await folder.remove();
    folder = await localRunFolder({ ...small.local, functions: [{ ...collector!, environment }] });
    const dated = (n: number, hours: number) =>
      `{"n":${n},"timestamp":"${new Date(collectedAt - hours * 3_600_000).toISOString()}"}`;
    await small.collect([[dated(0, 1), dated(1, 30)]]);
  });

  test.each([
    ['left out', [], 'they are not sent without --late', [0]],
    ['left out, where nobody asks either', ['--yes'], 'they are not sent without --late', [0]],
    ['sent where that is asked for', ['--late', '--yes'], 'they are sent all the same', [0, 1]],
  ])('and %s', async (_, more, fate, arrived) => {
    const problems: string[] = [];
    const recordsBefore: number[] = [];
    const args = ['replay', '--local', '--out', folder.path, ...wanted, ...more];
    const { code } = await runRelay(args, {
      problem(text) {
        problems.push(text);
        recordsBefore.push(small.aws.firehose.stats(`${small.relay.bucket}-siem`).records);
      },
    });

    await small.settle();
    expect(code).toBe(0);
    expect(problems[0]).toBe(`1 event is too old or too new for siem: ${fate}`);
    expect(recordsBefore[0]).toBe(0);
    expect(numbersIn(await small.linesAt('siem'))).toEqual(arrived);
  });
});

describe('wrong use ends with 2 and one line', () => {
  test.each([
    [['--from', '-2h'], /--stream ID is needed/],
    [['--stream', 'nope'], /no stream nope in the local run of stage dev; there are cis \(relay-cis\)/],
    [['--stream', 'cis', '--destination', 'splnk'], /no destination splnk; it has s3, siem/],
    [['--stream', 'cis', '--source', 'jornal'], /--source "jornal" is not one of journal/],
    [['--stream', 'cis', '--source', 'journal'], /--from TIME is needed/],
    [['--stream', 'cis', '--from', 'yesterday'], /--from "yesterday" is not a time/],
    [['--stream', 'cis', '--from', '-1h', '--to', '-2h'], /--from -1h is not before --to -2h/],
    [['--stream', 'cis', '--rate', '0'], /--rate "0"/],
    [
      ['--stream', 'cis', '--late'],
      /--late: no destination of cis has a limit of age, so everything is sent/,
    ],
    [['--stream', 'cis', '--late', '--destination', 's3'], /--late: s3 has no limit of age/],
    [['--stream', 'cis', '--from', '--yes'], /--from needs a value/],
    [['--stream', 'cis', '--form', '-2h'], /no flag --form/],
    [['--stream', 'cis', '--stage', 'prod'], /is of stage dev; say --stage dev/],
  ])('%j', async (args, message) => {
    const { code, out, problems } = await replay(...args);

    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(problems).toMatch(message);
    expect(problems.split('\n')).toHaveLength(1);
  });
});
