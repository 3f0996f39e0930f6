import { describe, expect, test } from 'vitest';
import { readArguments } from '../../../cli/arguments/read-arguments.ts';
import { startProgram } from '../../../local/run/flags.ts';
import { commandOf, runStartsAt } from '../../../local/run/options.ts';

function read(...words: readonly string[]) {
  const given = readArguments(words, startProgram);
  return commandOf(given, given.stage ?? 'dev');
}
const readLine = (line: string) => read(...line.split(' '));

describe('the command line', () => {
  test('without flags it is the main job with four streams of 5,000 events', () => {
    expect(read()).toEqual({
      kind: 'main',
      events: 5_000,
      types: ['cis', 'admin', 'risk', 'verify'],
      seed: 1,
      source: [],
      stage: 'dev',
      out: 'out',
      json: false,
    });
  });

  test('reads every flag of the main job', () => {
    const args = '--events 12 --types verify,cis --seed=7 --source 429,short --stage prod --out x --json';
    expect(readLine(args)).toEqual({
      kind: 'main',
      events: 12,
      types: ['cis', 'verify'],
      seed: 7,
      source: ['short', '429'],
      stage: 'prod',
      out: 'x',
      json: true,
    });
  });

  test('--faults takes a fault set and no other word', () => {
    expect(read('--faults', 'destinations')).toMatchObject({ faults: 'destinations' });
    expect(() => read('--faults', 'weather')).toThrow(/^--faults "weather" is not one of destinations/);
    expect(() => read('--api', 'https://a.example', '--faults', 'destinations')).toThrow(
      '--faults and --api do not go together',
    );
  });

  test('--faults goes with --serve where nothing is lost by it', () => {
    expect(read('--serve', '--faults', 'destinations')).toMatchObject({
      kind: 'serve',
      faults: 'destinations',
    });
    expect(() => read('--serve', '--faults', 'everything')).toThrow(
      /^--serve and --faults everything do not go together$/,
    );
  });

  test('--api reads for a minute from scheme and host', () => {
    const args = ['--api', 'https://api.eu.transmitsecurity.io/', '--types', 'risk'];
    expect(read(...args)).toEqual({
      kind: 'api',
      types: ['risk'],
      stage: 'dev',
      out: 'out',
      json: false,
      url: 'https://api.eu.transmitsecurity.io',
      forMs: 60_000,
      owned: false,
      yes: false,
    });
  });

  test('--source help asks for the list', () => {
    expect(read('--source', 'help')).toEqual({ kind: 'source-help' });
  });

  test('--source takes a number where its switch does', () => {
    expect(read('--source', 'slow-by-size=20,short')).toMatchObject({
      source: ['short', 'slow-by-size=20'],
    });
  });

  test('--trickle takes the place of events at the beginning, lasts an hour, and has a latency', () => {
    expect(read('--trickle', '20')).toMatchObject({
      events: 0,
      trickle: { eventsPerSecond: 20, hours: 1 },
      latencyMs: 150,
    });
    expect(readLine('--trickle 1000 --hours 3 --events 7 --latency 20')).toMatchObject({
      events: 7,
      trickle: { eventsPerSecond: 1_000, hours: 3 },
      latencyMs: 20,
    });
    expect(read()).not.toHaveProperty('latencyMs');
  });

  test('--story takes the place of events, lasts a day, and plays each attack when its time comes next', () => {
    expect(readLine('--story --attack spraying@14:00 --attack admin-at-night@02:30')).toMatchObject({
      events: 0,
      story: {
        until: runStartsAt + 24 * 3_600_000,
        attacks: [
          { name: 'spraying', at: Date.UTC(2026, 2, 2, 14) },
          { name: 'admin-at-night', at: Date.UTC(2026, 2, 3, 2, 30) },
        ],
      },
    });
    expect(readLine('--story --hours 2')).toMatchObject({
      story: { until: runStartsAt + 2 * 3_600_000, attacks: [] },
    });
    expect(readLine('--serve --story --attack lockouts@08:00')).toMatchObject({
      kind: 'serve',
      story: { until: Number.POSITIVE_INFINITY, attacks: [{ name: 'lockouts', at: runStartsAt }] },
    });
    expect(read()).not.toHaveProperty('story');
  });

  test.each([
    ['--bogus', 'there is no flag --bogus'],
    ['-x', 'there is no flag -x'],
    ['--constructor', 'there is no flag --constructor'],
    ['dev', '"dev" is not a flag'],
    ['--events', '--events needs a value: --events N'],
    ['--events --json', '--events needs a value'],
    ['--events 0', '--events "0" is not a whole number from 1 to 10000000'],
    ['--events 1e3', '--events "1e3" is not a whole number'],
    ['--events 99999999999', 'is not a whole number'],
    ['--events=-5', 'is not a whole number'],
    ['--events 5 --events 6', '--events is given twice'],
    ['--types cis,abc', '--types "abc" is not one of cis, admin, risk, verify'],
    ['--types=', '--types needs a value: --types A,B'],
    ['--seed 4294967296', '--seed "4294967296" is not a whole number'],
    ['--source sort', '--source "sort" is not one of short, always-short'],
    ['--source short=3', '--source short takes no number'],
    ['--source slow-by-size=0', '--source slow-by-size= "0" is not a whole number from 1 to 999'],
    ['--source slow-by-size=', '--source slow-by-size= "" is not a whole number'],
    ['--trickle 0', '--trickle "0" is not a whole number from 1 to 1000'],
    ['--trickle -5', '--trickle "-5" is not a whole number from 1 to 1000'],
    ['--trickle=-5', '--trickle "-5" is not a whole number from 1 to 1000'],
    ['--trickle many', '--trickle "many" is not a whole number from 1 to 1000'],
    ['--trickle 1.5', '--trickle "1.5" is not a whole number'],
    ['--trickle 1001', '--trickle "1001" is not a whole number from 1 to 1000'],
    ['--trickle', '--trickle needs a value: --trickle RATE'],
    ['--trickle 5 --hours 0', '--hours "0" is not a whole number from 1 to 48'],
    ['--trickle 5 --hours 49', '--hours "49" is not a whole number from 1 to 48'],
    ['--hours 2', '--hours goes only with --trickle RATE or --story'],
    ['--story --events 5', '--story and --events do not go together'],
    ['--story --faults destinations', '--story and --faults do not go together'],
    ['--attack spraying@14:00', '--attack goes only with --story'],
    [
      '--story --attack spraying',
      '--attack "spraying" is not an attack and a time of day from 00:00 to 23:59',
    ],
    ['--story --attack spraying@24:00', '"spraying@24:00" is not an attack and a time of day'],
    ['--story --attack sprayin@14:00', 'silence; did you mean spraying?'],
    ['--story --attack constructor@14:00', '"constructor" is not one of spraying, one-address'],
    [
      '--story --hours 2 --attack spraying@10:00',
      '--attack spraying@10:00 would begin after the story, which lasts from 08:00 to 10:00; --hours makes it longer',
    ],
    ['--trickle 5 --latency -1', '--latency "-1" is not a whole number'],
    ['--trickle 5 --faults everything', '--trickle and --faults do not go together'],
    ['--serve --trickle 5', '--trickle and --serve do not go together'],
    ['--stage a/b', '--stage "a/b" is not'],
    ['--json=yes', '--json takes no value'],
    ['--out=', '--out needs a value: --out DIR'],
    ['--for 30s', '--for goes only with --api URL'],
    ['--faults everything --no-witness --witness detect', '--witness and --no-witness do not go together'],
    ['--no-witness', '--no-witness goes only with --faults everything'],
    ['--faults destinations --no-witness', '--no-witness goes only with --faults everything'],
    ['--faults everything --runs 0', '--runs "0" is not a whole number from 1'],
    ['--faults everything --runs 3 --seed 4294967294', 'would pass the last seed, 4294967295'],
    ['--witness both', '--witness "both" is not one of detect, recover'],
    ['--serve --faults everything', '--serve and --faults everything do not go together'],
    ['--api https://x.example --runs 2', '--runs and --api do not go together'],
    ['--serve --events 5', '--events and --serve do not go together'],
    ['--api https://x.example --serve', '--serve and --api do not go together'],
    ['--api https://x.example --source short', '--source and --api do not go together'],
    ['--api nowhere', '--api "nowhere" is not a URL'],
    ['--api ftp://x.example', 'is not a URL'],
    ['--api http://x.example', 'must be https'],
    ['--api https://x.example/activities', 'scheme and host only: https://x.example'],
    ['--api https://x.example --for 60', '--for "60" is not a time'],
    ['--api https://x.example --for 0s', '--for "0s" is not a time'],
    ['--api https://x.example --for 25h', '--for "25h" is not a time'],
  ])('%s is refused in one line that says why', (line, reason) => {
    const error = thrown(() => readLine(line));
    expect(error).toMatchObject({ name: 'WrongUse', message: expect.stringContaining(reason) });
    expect(error).not.toMatchObject({ message: expect.stringContaining('\n') });
  });

  test('a stream id with a space is refused', () => {
    const args = ['--api', 'https://x.example', '--stream', 'a b'];
    expect(() => read(...args)).toThrow('--stream "a b" is not an id without spaces');
  });

  test('plain http is for this machine', () => {
    expect(read('--api', 'http://127.0.0.1:8080')).toMatchObject({
      url: 'http://127.0.0.1:8080',
    });
  });
});

function thrown(task: () => unknown): unknown {
  try {
    task();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
