import { createVirtualClock } from '@mosaic-relay/cdk-loopback';
import { startSimulator } from '@mosaic-relay/mosaic-simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StageSettings } from '../../infra/config/settings.ts';
import { deployLocally, type LocalDeployment } from './local-deployment.ts';

/** One Mosaic with two addresses. Each test deploys over what the one before left. */
const first = 'https://api.first.example.com';
const second = 'https://api.second.example.com';
const at = (environment: `https://${string}`): Partial<StageSettings> => ({
  environment,
  streams: [
    { name: 'cis', id: 'relay-cis', type: 'cis', onRemoval: 'delete' },
    { name: 'risk', id: 'relay-risk', type: 'risk' },
  ],
});

let relay: LocalDeployment;
let close: () => Promise<void>;
beforeAll(async () => {
  const clock = createVirtualClock({ startAt: Date.UTC(2026, 2, 2, 8) });
  const mosaic = await startSimulator({ clock, seed: 1, switches: [] });
  relay = await deployLocally({
    mosaic,
    settings: at(first),
    hosts: { [first]: mosaic.url, [second]: mosaic.url },
  });
  close = async () => {
    await relay.close();
    await mosaic.close();
    clock.close();
  };
});
afterAll(() => close());

test('an address that is adopted for one stream of two is refused, and rolled back whole', async () => {
  const refused = relay.update(at(second), { adopt: 'cis' });
  await expect(refused).rejects.toThrow(
    /Mosaic at https:\/\/api.first.example.com has the stream relay-risk/,
  );
  await expect(refused).rejects.not.toThrow('undoing failed');
});

test('and is taken where all streams are adopted, also when the next deploy adopts nothing', async () => {
  await relay.update(at(second), { adopt: 'cis,risk' });
  await relay.update(at(second));
  expect(relay.world.denials).toEqual([]);
});
