import { describe, expect, test } from 'vitest';
import type { StageSettings } from '../../infra/config/settings.ts';
import type { StreamSettings } from '../../infra/config/stream-settings.ts';
import type { DestinationSettings } from '../../infra/destinations/destination-kinds.ts';
import { filledIn } from '../../infra/filled-in.ts';
import { synthesizeWithinLimits } from '../../infra/stack-limits.ts';
import { stageApp } from '../../infra/stage-app.ts';
import { inFolder, stageOf, stageSettings, unbundled } from './synthesized.ts';

function problemsOf(settings: StageSettings): readonly string[] {
  const stage = stageOf(settings);
  return inFolder((outdir) => synthesizeWithinLimits(stageApp(stage, { context: unbundled, outdir }), stage));
}

function streamsOf(count: number, destinations: readonly DestinationSettings[]): readonly StreamSettings[] {
  return Array.from({ length: count }, (_, index) => ({ id: `s${index}`, type: 'cis', destinations }));
}

const provider =
  '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay';
const copied = Array.from(
  { length: 8 },
  (_, place): DestinationSettings => ({
    kind: 'gcs',
    name: `d${place}`,
    bucket: `events-${place}`,
    provider,
  }),
);

describe('before CloudFormation sees a stage', () => {
  test('one of more resources than it takes is refused, with the streams to move', () => {
    const problems = problemsOf(
      stageSettings({ streams: [...streamsOf(5, copied), { id: 'small', type: 'cis' }] }),
    );
    expect(problems).toContainEqual(
      expect.stringMatching(
        /^stages\.test: resources of the stack: \d+, and CloudFormation takes 500; move the stream 's\d' to another stage$/,
      ),
    );
  }, 240_000);

  test('a stage of readers whose names fill the trust policy is refused', () => {
    const journalReaders = Array.from(
      { length: 20 },
      (_, index) => `arn:aws:iam::111122223333:role/${'a-long-path/'.repeat(8)}reader-${index}`,
    );
    expect(problemsOf(stageSettings({ journalReaders }))).toEqual([
      expect.stringMatching(
        /^stages\.test\.journalReaders: characters of the trust policy of the role JournalReader\w+: \d,\d+, and IAM takes 2,048; let readers share a role$/,
      ),
    ]);
  }, 240_000);

  test('a stage of four streams with three destinations is within every limit', () => {
    expect(problemsOf(stageSettings({ streams: streamsOf(4, copied.slice(0, 3)) }))).toEqual([]);
  }, 240_000);
});

test('what the deploy fills in counts as long as it can become', () => {
  const policy = {
    Principal: { AWS: { 'Fn::Join': ['', ['arn:aws:iam::', { Ref: 'AWS::AccountId' }, ':root']] } },
  };
  expect(filledIn(policy)).toBe('{"Principal":{"AWS":"arn:aws:iam::xxxxxxxxxxxx:root"}}');
});
