import { describe, expect, test } from 'vitest';
import { readStages } from '../../infra/config/read-stages.ts';
import type { StageSettings } from '../../infra/config/settings.ts';
import { environmentBytes, otherVariablesBytes } from '../../infra/config/settings-size.ts';
import type { DestinationSettings } from '../../infra/destinations/destination-kinds.ts';
import { resourcesOf, stageOf, stageSettings, templateOf } from './synthesized.ts';

const secret = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:siem-AbCdEf';

function splunk(index: number, length: number): DestinationSettings {
  const word = 'x'.repeat(length);
  const endpoint = `https://hec-${index}.example.com:8088`;
  return {
    kind: 'splunk',
    name: `splunk-${index}`,
    endpoint,
    secret,
    host: word,
    source: word,
    sourcetype: word,
  };
}

function stageWith(count: number, length: number): StageSettings {
  const destinations = Array.from({ length: count }, (_, index) => splunk(index, length));
  const fewer = { id: 'first', type: 'admin' } as const;
  return stageSettings({ streams: [fewer, { id: 'one', type: 'cis', destinations, witness: 'detect' }] });
}

describe('settings that Lambda has no room for', () => {
  test('are a problem of the stream, before anything is synthesised', () => {
    const read = readStages({ test: stageWith(8, 200) });

    expect(read).toEqual({
      problems: [
        expect.stringMatching(
          /^stages\.test\.streams\[1\]: its collector's settings take \d{4} bytes, and Lambda has room for 4096; give/,
        ),
      ],
    });
  });

  test('are so by what the deploy fills in, too', () => {
    const stage = stageOf(stageWith(8, 20));
    const [stream] = stage.streams.filter(({ name }) => name === 'one');
    const measured = environmentBytes(stage, stream!);
    const collector = resourcesOf(templateOf(stage), 'AWS::Lambda::Function').find(
      ([, { Properties }]) => Properties.FunctionName === 'mosaic-relay-test-one-collector',
    )!;
    const { SETTINGS, ...others } = collector[1].Properties.Environment.Variables;
    // As long as each name may become.
    const longest = (SETTINGS['Fn::Join'][1] as unknown[]).map((part) => {
      if (typeof part === 'string') return part;
      const { Ref: id } = part as { readonly Ref: string };
      const delivered = 'mosaic-relay-test-one-splunk-0-12345678'.length;
      return 'x'.repeat(id.startsWith('Table') ? 255 : id.startsWith('Bucket') ? 47 : delivered);
    });

    expect(measured).toBeLessThanOrEqual(4_096);
    expect(measured).toBeGreaterThanOrEqual('SETTINGS'.length + longest.join('').length);
    expect(Object.entries(others).flat().join('').length).toBeLessThanOrEqual(otherVariablesBytes);
  });
});

test('the largest number of destinations has room with names as long as they may be', () => {
  const kinds: readonly DestinationSettings[] = Array.from({ length: 8 }, (_, index) => ({
    kind: 'http',
    name: `siem-${index}`.padEnd(16, 'x'),
    url: 'https://siem.example.com/firehose',
    secret,
  }));
  const read = readStages({
    test: stageSettings({ streams: [{ id: 'one', type: 'cis', destinations: kinds }] }),
  });

  expect(read).not.toHaveProperty('problems');
});
