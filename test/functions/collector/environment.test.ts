import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { collectorEnvironment } from '../../../functions/collector/contract.ts';
import { readEnvironment } from '../../../functions/read-environment.ts';
import { RelayError } from '../../../functions/relay-error.ts';
import { toldToCollector } from '../../collector-settings.ts';

const destination = {
  name: 's3',
  kind: 's3',
  deliveryStream: 'cis-s3',
  format: 'relay-line',
  packing: 'lines',
  quotaMiBPerSecond: 1,
  deliveryMetrics: 'DeliveryToS3',
} as const;

test('what a collector is told arrives as it was written', () => {
  const told = toldToCollector({ destinations: [destination], pollWithin: 15, retention: 3 });

  expect(readSettings({ SETTINGS: JSON.stringify(told) })).toEqual(told);
});

describe('settings that the contract refuses are one error that names the path', () => {
  const wrong = (changes: object) => JSON.stringify({ ...toldToCollector(), ...changes });

  test.each([
    ['no variable', undefined, ['SETTINGS: ']],
    ['no JSON', '{"stage":', ['SETTINGS: is not JSON']],
    ['no object', '7', ['SETTINGS: ']],
    ['a number out of its range', wrong({ batchSize: 1001 }), ['SETTINGS.batchSize: ']],
    ['a text where a number stands', wrong({ pollWithin: '15 seconds' }), ['SETTINGS.pollWithin: ']],
    [
      'a destination without a packing',
      wrong({ destinations: [destination, { ...destination, packing: undefined }] }),
      ['SETTINGS.destinations.1.packing: '],
    ],
    ['two at once', wrong({ timeout: 0, bucket: 9 }), ['SETTINGS.timeout: ', 'SETTINGS.bucket: ']],
  ])('%s', (_, SETTINGS, paths) => {
    const read = () => readSettings({ SETTINGS });

    expect(read).toThrow(RelayError);
    for (const path of paths) expect(read).toThrow(path);
  });

  test('and no value', () => {
    expect(() => readSettings({ SETTINGS: wrong({ mosaicUrl: 'hunter2' }) })).not.toThrow('hunter2');
  });
});

test('a function whose settings are refused asks Mosaic for nothing', async () => {
  let calls = 0;
  const mosaic = createServer((_, response) => {
    calls += 1;
    response.end('[]');
  });
  await new Promise<void>((resolve) => mosaic.listen(0, '127.0.0.1', resolve));
  const mosaicUrl = `http://127.0.0.1:${(mosaic.address() as AddressInfo).port}`;
  const SETTINGS = JSON.stringify({ ...toldToCollector({ mosaicUrl }), emptyAnswersToStop: 0 });
  const handler = join(import.meta.dirname, '../../../functions/collector/handler.ts');
  const program = `import(${JSON.stringify(handler)}).then(({ handler }) => handler({ task: 'collect' }, {}))`;

  const { failed, told } = await new Promise<{ failed: boolean; told: string }>((resolve) => {
    execFile(
      process.execPath,
      ['--eval', program],
      { env: { SETTINGS, AWS_REGION: 'eu-west-1' } },
      (error, _, stderr) => resolve({ failed: error !== null, told: stderr }),
    );
  });
  await new Promise((resolve) => mosaic.close(resolve));

  expect(failed).toBe(true);
  expect(told).toContain('SETTINGS.emptyAnswersToStop: ');
  expect(calls).toBe(0);
}, 30_000);

function readSettings(variables: Readonly<Record<string, string | undefined>>) {
  return readEnvironment(collectorEnvironment, variables).SETTINGS;
}
