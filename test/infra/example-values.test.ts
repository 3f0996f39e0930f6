import { describe, expect, test } from 'vitest';
import type { StageSettings } from '../../infra/config/settings.ts';
import { stages } from '../../infra/config/stages.ts';
import { stageOf, stageSettings, templateOf } from './synthesized.ts';

interface WithRules {
  readonly Rules?: { readonly ExampleValues?: { readonly Assertions: readonly Assertion[] } };
}
interface Assertion {
  readonly Assert: unknown;
  readonly AssertDescription: string;
}

function refusalsOf(settings: StageSettings): readonly Assertion[] {
  const { Rules } = templateOf(stageOf(settings)) as WithRules;
  return Rules?.ExampleValues?.Assertions ?? [];
}

const own = {
  id: 'one',
  type: 'cis',
  destinations: [
    { kind: 's3', bucket: 'acme-mosaic-events' },
    { kind: 'http', url: 'https://siem.acme.test/firehose', secret: secretOf('123412341234') },
  ],
} as const;

describe('a deploy', () => {
  test('of values of your own is refused by no rule of the template', () => {
    const tags = { owner: 'team@example.com' };
    expect(refusalsOf(stageSettings({ account: '123412341234', tags, streams: [own] }))).toEqual([]);
  });

  test.each([
    ['account', { account: '111122223333' }],
    ['environment', { environment: 'https://api.example.com' }],
    ['secret', { secret: secretOf('111122223333') }],
    [
      'alarms.subscriptions[0].endpoint',
      { alarms: { subscriptions: [{ protocol: 'email', endpoint: 'soc@example.com' }] } },
    ],
    ['streams[0].destinations[0].bucket', withDestination({ kind: 's3', bucket: 'example-mosaic-events' })],
    [
      'streams[0].destinations[0].url',
      withDestination({ kind: 'http', url: 'https://siem.example.com/x', secret: secretOf('123412341234') }),
    ],
  ] satisfies readonly (readonly [string, Partial<StageSettings>])[])(
    'of an example as %s is refused by a rule that names it',
    (path, changes) => {
      const [refusal, ...others] = refusalsOf(stageSettings({ streams: [own], ...changes }));
      expect(others).toEqual([]);
      expect(refusal?.Assert).toEqual({ 'Fn::Equals': ['an example', 'your own'] });
      expect(refusal?.AssertDescription).toMatch(
        new RegExp(
          `^stages\\.test\\.${path.replaceAll(/[.[\]]/g, '\\$&')}: '.+' is an example \\(.+\\); give your own before you deploy$`,
        ),
      );
    },
  );

  test('of each stage that ships is refused for its account or secrets, and for every address and bucket', () => {
    for (const name of Object.keys(stages) as (keyof typeof stages)[]) {
      const named = stageOf(stages[name]).examples.map((line) => line.split(':')[0]!.split('.').at(-1));
      expect(named).toEqual(expect.arrayContaining(['secret', 'endpoint', 'url', 'bucket', 'provider']));
    }
  });
});

function secretOf(account: string): string {
  return `arn:aws:secretsmanager:eu-west-1:${account}:secret:relay-AbCdEf`;
}

function withDestination(destination: NonNullable<StageSettings['streams'][number]['destinations']>[number]) {
  return { streams: [{ id: 'one', type: 'cis', destinations: [destination] }] } as const;
}
