import {
  type EventType,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '@mosaic-relay/mosaic-simulator';
import { onTestFinished } from 'vitest';

/** A simulator for one test, whose clock stands still. `open` creates a stream as another client would. */
export async function startMosaic(options: Partial<SimulatorOptions> = {}) {
  const clock = { now: () => Date.UTC(2026, 2, 1, 12) };
  const simulator = await startSimulator({ clock, seed: 1, switches: [], ...options });
  onTestFinished(() => simulator.close());
  return { simulator, open: (type: EventType, id: string) => openStream(simulator, type, id) };
}

async function openStream(simulator: Simulator, type: EventType, id: string): Promise<void> {
  const { url, clientId, clientSecret } = simulator;
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
  });
  const granted = await fetch(`${url}/oidc/token`, { method: 'POST', body });
  const { access_token } = (await granted.json()) as { access_token: string };
  for (const call of [`start-collect?type=${type}`, `stream?type=${type}&stream_id=${id}`]) {
    const headers = { authorization: `Bearer ${access_token}` };
    const answer = await fetch(`${url}/activities/v1/activities/${call}`, { method: 'PUT', headers });
    if (!answer.ok) throw new Error(`${call}: ${answer.status} ${await answer.text()}`);
  }
}
