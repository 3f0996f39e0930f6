import { describe, expect, test } from 'vitest';
import { flags, helpText } from '../../../local/run/flags.ts';
import { readOptions } from '../../../local/run/options.ts';

const switches = [
  { name: 'short' },
  { name: 'duplicates' },
  { name: '429' },
  { name: 'slow-by-size', number: { default: 50, from: 1, to: 999 } },
];

describe('the command line', () => {
  test('without flags it is the main job on the dev stage with four streams of 5,000 events', () => {
    expect(readOptions([], switches)).toEqual({
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
    expect(readOptions(args.split(' '), switches)).toEqual({
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

  test('--faults names what is to fail, and nothing else', () => {
    expect(readOptions(['--faults', 'destinations'], switches)).toMatchObject({ faults: 'destinations' });
    expect(() => readOptions(['--faults', 'weather'], switches)).toThrow(
      /^--faults "weather" is none of destinations/,
    );
    expect(() => readOptions(['--api', 'https://a.example', '--faults', 'destinations'], switches)).toThrow(
      '--faults means nothing with --api',
    );
  });

  test('--faults goes with --serve where nothing is lost by it', () => {
    expect(readOptions(['--serve', '--faults', 'destinations'], switches)).toMatchObject({
      kind: 'serve',
      faults: 'destinations',
    });
    expect(() => readOptions(['--serve', '--faults', 'everything'], switches)).toThrow(
      /^--faults "everything" is none of destinations$/,
    );
  });

  test('--api reads for a minute from scheme and host', () => {
    const args = ['--api', 'https://api.eu.transmitsecurity.io/', '--types', 'risk'];
    expect(readOptions(args, switches)).toEqual({
      kind: 'api',
      types: ['risk'],
      stage: 'dev',
      out: 'out',
      json: false,
      url: 'https://api.eu.transmitsecurity.io',
      forMs: 60_000,
      yes: false,
    });
  });

  test('--help wins over everything but a flag that does not exist', () => {
    expect(readOptions(['--events', 'x', '--help'], switches)).toEqual({ kind: 'help' });
    expect(readOptions(['-h'], switches)).toEqual({ kind: 'help' });
    expect(() => readOptions(['--help', '--evnts'], switches)).toThrow('there is no flag --evnts');
  });

  test('--source help asks for the list', () => {
    expect(readOptions(['--source', 'help'], switches)).toEqual({ kind: 'source-help' });
  });

  test('--source takes a number where its switch does', () => {
    expect(readOptions(['--source', 'slow-by-size=20,short'], switches)).toMatchObject({
      source: ['short', 'slow-by-size=20'],
    });
  });

  test('--trickle takes the place of events at the beginning, lasts an hour, and has a latency', () => {
    expect(readOptions(['--trickle', '20'], switches)).toMatchObject({
      events: 0,
      trickle: { eventsPerSecond: 20, hours: 1 },
      latencyMs: 150,
    });
    expect(
      readOptions('--trickle 1000 --hours 3 --events 7 --latency 20'.split(' '), switches),
    ).toMatchObject({
      events: 7,
      trickle: { eventsPerSecond: 1_000, hours: 3 },
      latencyMs: 20,
    });
    expect(readOptions([], switches)).not.toHaveProperty('latencyMs');
  });

  test('the help names every flag', () => {
    for (const name of Object.keys(flags)) expect(helpText()).toContain(`--${name}`);
  });

  test.each([
    ['--bogus', 'there is no flag --bogus'],
    ['-x', 'there is no flag -x'],
    ['--constructor', 'there is no flag --constructor'],
    ['dev', '"dev" is no flag'],
    ['--events', '--events needs a value: --events N'],
    ['--events --json', '--events needs a value'],
    ['--events 0', '--events "0" is no whole number from 1 to 10000000'],
    ['--events 1e3', '--events "1e3" is no whole number'],
    ['--events 99999999999', 'is no whole number'],
    ['--events=-5', 'is no whole number'],
    ['--events 5 --events 6', '--events is given twice'],
    ['--types cis,abc', '--types "abc" is none of cis, admin, risk, verify'],
    ['--types=', '--types "" is none of'],
    ['--seed 4294967296', '--seed "4294967296" is no whole number'],
    ['--source sort', '--source "sort" is none of short, duplicates, 429'],
    ['--source short=3', '--source short takes no number'],
    ['--source slow-by-size=0', '--source slow-by-size= "0" is no whole number from 1 to 999'],
    ['--source slow-by-size=', '--source slow-by-size= "" is no whole number'],
    ['--trickle 0', '--trickle "0" is no whole number from 1 to 1000'],
    ['--trickle -5', '--trickle "-5" is no whole number from 1 to 1000'],
    ['--trickle=-5', '--trickle "-5" is no whole number from 1 to 1000'],
    ['--trickle many', '--trickle "many" is no whole number from 1 to 1000'],
    ['--trickle 1.5', '--trickle "1.5" is no whole number'],
    ['--trickle 1001', '--trickle "1001" is no whole number from 1 to 1000'],
    ['--trickle', '--trickle needs a value: --trickle RATE'],
    ['--trickle 5 --hours 0', '--hours "0" is no whole number from 1 to 48'],
    ['--trickle 5 --hours 49', '--hours "49" is no whole number from 1 to 48'],
    ['--hours 2', '--hours means something only with --trickle'],
    ['--trickle 5 --latency -1', '--latency "-1" is no whole number'],
    ['--trickle 5 --faults everything', '--trickle means nothing with --faults'],
    ['--serve --trickle 5', '--trickle means nothing with --serve'],
    ['--stage a/b', '--stage "a/b" is not'],
    ['--json=yes', '--json takes no value'],
    ['--out=', '--out "" is not a folder'],
    ['--for 30s', '--for means something only with --api'],
    ['--faults everything --no-witness --witness detect', '--witness and --no-witness contradict each other'],
    ['--no-witness', '--no-witness means something only with --faults everything'],
    ['--faults destinations --no-witness', '--no-witness means something only with --faults everything'],
    ['--faults everything --runs 0', '--runs "0" is no whole number from 1'],
    ['--faults everything --runs 3 --seed 4294967294', 'would pass the last seed, 4294967295'],
    ['--witness both', '--witness "both" is none of detect, recover'],
    ['--serve --faults everything', '--faults "everything" is none of destinations'],
    ['--api https://x.example --runs 2', '--runs means nothing with --api'],
    ['--serve --events 5', '--events means nothing with --serve'],
    ['--api https://x.example --serve', '--serve means nothing with --api'],
    ['--api https://x.example --source short', '--source means nothing with --api'],
    ['--api nowhere', '--api "nowhere" is no URL'],
    ['--api ftp://x.example', 'is no URL'],
    ['--api http://x.example', 'must be https'],
    ['--api https://x.example/activities', 'scheme and host only: https://x.example'],
    ['--api https://x.example --for 60', '--for "60" is no time'],
    ['--api https://x.example --for 0s', '--for "0s" is no time'],
    ['--api https://x.example --for 25h', '--for "25h" is no time'],
  ])('%s is refused in one line that says why', (line, reason) => {
    const error = thrown(() => readOptions(line.split(' '), switches));
    expect(error).toMatchObject({ code: 'WrongUse', message: expect.stringContaining(reason) });
    expect(error).not.toMatchObject({ message: expect.stringContaining('\n') });
  });

  test('a stream id with a space is refused', () => {
    const args = ['--api', 'https://x.example', '--stream', 'a b'];
    expect(() => readOptions(args, switches)).toThrow('--stream "a b" is not an id without spaces');
  });

  test('plain http is for this machine', () => {
    expect(readOptions(['--api', 'http://127.0.0.1:8080'], switches)).toMatchObject({
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
