import { expect, test } from 'vitest';
import { assembleRelay } from '../../../cli/access/assemble-relay.ts';
import { streamOf } from '../../../cli/access/deployed-relay.ts';
import { toldToCollector } from '../../collector-settings.ts';

const relay = assembleRelay({
  stage: 'dev',
  place: 'a stack',
  stackName: 'mosaic-relay-dev',
  account: '123456789012',
  table: 'table',
  bucket: 'bucket',
  functions: [{ name: 'admin' }, { name: 'cis', label: 'sign-ins', id: 'relay-cis' }].map((told) => ({
    name: `${told.name}-collector`,
    environment: { SETTINGS: JSON.stringify(toldToCollector({ id: told.name, ...told })) },
    memoryMb: 512,
    queueArns: [],
  })),
  schedules: [{ name: 'cis-collect', group: 'mosaic-relay-dev' }],
  connection: { region: 'eu-west-1' },
  now: () => 0,
});

test.each(['sign-ins', 'cis', 'relay-cis'])(
  'a renamed stream is found by %s, and its schedule by its stored name',
  (named) => {
    expect(streamOf(relay, named)).toMatchObject({
      name: 'cis',
      label: 'sign-ins',
      schedules: { collect: { name: 'cis-collect' } },
    });
  },
);

test('a name that no stream has is answered with every name that there is', () => {
  expect(() => streamOf(relay, 'risk')).toThrow(/; there are admin, sign-ins \(was cis, relay-cis\)$/);
});
