import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AzureLogsIngestion, startAzureLogsIngestion } from '../azure-logs-ingestion.ts';
import type { ReceiverAges } from '../receiver-ages.ts';

const ruleId = `dcr-${'0'.repeat(32)}`;
const target = `/dataCollectionRules/${ruleId}/streams/Custom-MosaicEvents_CL?api-version=2023-01-01`;
let now: number;
let azure: AzureLogsIngestion;

beforeEach(async () => {
  now = Date.parse('2026-03-01T12:00:00Z');
  azure = await start();
});

function start(ages?: ReceiverAges): Promise<AzureLogsIngestion> {
  const application = { tenantId: 'tenant', clientId: 'client', clientSecret: 'secret' };
  const stream = 'Custom-MosaicEvents_CL';
  return startAzureLogsIngestion({ clock: { now: () => now }, application, ruleId, stream, ages });
}

afterEach(() => azure.close());

async function token(changes: Record<string, string> = {}, tenant = 'tenant') {
  const scope = 'https://monitor.azure.com/.default';
  const form = {
    grant_type: 'client_credentials',
    client_id: 'client',
    client_secret: 'secret',
    scope,
    ...changes,
  };
  const body = new URLSearchParams(form);
  const response = await fetch(`${azure.url}/${tenant}/oauth2/v2.0/token`, { method: 'POST', body });
  const { access_token, error } = (await response.json()) as { access_token?: string; error?: string };
  return { status: response.status, access_token, error };
}

async function ingest(body: string, path = target, headers: Record<string, string> = {}) {
  const { access_token } = await token();
  const all = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json', ...headers };
  return (await fetch(`${azure.url}${path}`, { method: 'POST', body, headers: all })).status;
}

describe('the Logs Ingestion API', () => {
  test('an array of rows is taken, and their events kept as they came', async () => {
    expect(await ingest('[{"Event":{"n":1.50}}, {"Event": {"big":12345678901234567890}}]')).toBe(204);
    expect(azure.events.map(String)).toEqual(['{"n":1.50}', '{"big":12345678901234567890}']);
  });

  test('an event that is too old is kept, and counts as re-dated by the clock of the run', async () => {
    await azure.close();
    azure = await start({ past: 2 * 86_400, otherwise: 're-dates' });
    const dated = (hours: number) => `{"timestamp":"${new Date(now - hours * 3_600_000).toISOString()}"}`;
    const [young, old] = [dated(47), dated(49)];
    expect(await ingest(`[{"Event":${young}},{"Event":${old}}]`)).toBe(204);
    now += 2 * 3_600_000;
    expect(await ingest(`[{"Event":${young}}]`)).toBe(204);

    const held: [string, boolean | undefined][] = [];
    await azure.eachLine((line, isRedated) => void held.push([line.toString(), isRedated]));
    expect(held).toEqual([
      [young, false],
      [old, true],
      [young, true],
    ]);
  });

  test.each([
    ['lines', '{"a":1}\n{"a":2}', 400],
    ['one object', '{"a":1}', 400],
    ['an element that is no object', '[{"Event":1},2]', 400],
    ['a comma too many', '[{"Event":1},]', 400],
    ['a column that is not declared', '[{"Event":1,"a":1}]', 400],
    ['more than a megabyte', `[{"Event":"${'x'.repeat(1_048_576)}"}]`, 413],
  ])('%s is refused whole', async (_, body, status) => {
    expect(await ingest(body)).toBe(status);
    expect(azure.events).toEqual([]);
  });

  test.each([
    ['another rule', target.replace('dcr-0', 'dcr-1'), 404],
    ['another stream', target.replace('Mosaic', 'Other'), 400],
    ['another version', target.replace('2023', '2021'), 400],
  ])('%s is refused', async (_, path, status) => {
    expect(await ingest('[{}]', path)).toBe(status);
  });

  test('another content type and a foreign token are refused', async () => {
    expect(await ingest('[{}]', target, { 'content-type': 'text/plain' })).toBe(415);
    expect(await ingest('[{}]', target, { authorization: 'Bearer mine' })).toBe(401);
  });

  test.each<[string, Record<string, string>, string]>([
    ['another secret', { client_secret: 'other' }, 'invalid_client'],
    ['another application', { client_id: 'other' }, 'unauthorized_client'],
    ['another scope', { scope: 'https://graph.microsoft.com/.default' }, 'invalid_scope'],
    ['another grant', { grant_type: 'password' }, 'unsupported_grant_type'],
  ])('for %s there is no token', async (_, changes, error) => {
    expect(await token(changes)).toMatchObject({ error });
    expect(await token({}, 'other')).toMatchObject({ error: 'invalid_request' });
  });

  test('a rotated secret works beside the new one for its time', async () => {
    azure.rotateSecret('next', 600_000);
    expect(await token()).toMatchObject({ status: 200 });
    now += 600_000;
    expect(await token()).toMatchObject({ error: 'invalid_client' });
    expect(await token({ client_secret: 'next' })).toMatchObject({ status: 200 });
  });
});
