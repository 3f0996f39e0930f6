import { expect, test } from 'vitest';
import { checkRenames } from '../../../cli/doctor/rename-checks.ts';
import type { StreamSettings } from '../../../infra/config/stream-settings.ts';
import { toldToCollector } from '../../collector-settings.ts';
import { stageOf, stageSettings } from '../../infra/synthesized.ts';

const witnessOf = {
  name: 'cis',
  streamId: 'relay-cis',
  batchSize: 1_000,
  destinations: [],
  mode: 'detect' as const,
};
const deployed = [
  { name: 'cis', label: 'cis', type: 'cis', settings: toldToCollector() },
  { name: 'cis-witness', label: 'cis-witness', type: 'cis', settings: toldToCollector({ witnessOf }) },
] as const;

function asked(...streams: readonly StreamSettings[]): readonly string[] {
  const findings = checkRenames(stageOf(stageSettings({ streams })), deployed);
  return findings.map(({ about, verdict, remedy }) => `${verdict} ${about}: ${remedy}`);
}

test('a stream that leaves the settings while one of its type comes is asked about, and its witness is not', () => {
  expect(asked({ name: 'sign-ins', id: 'relay-cis', type: 'cis' })).toEqual([
    "warning stream cis: if it is the same stream, give sign-ins was: 'cis' (docs/upgrade.md)",
  ]);
});

test('nothing is asked about a stream that stays, that was has, or that leaves while another type comes', () => {
  const stays: StreamSettings = { name: 'cis', id: 'relay-cis', type: 'cis' };
  expect(asked(stays, { id: 'second', type: 'cis' })).toEqual([]);
  expect(asked({ ...stays, name: 'sign-ins', was: 'cis' })).toEqual([]);
  expect(asked({ id: 'relay-risk', type: 'risk' })).toEqual([]);
});
