import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVirtualClock, type Invocation } from '@mosaic-relay/cdk-loopback';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventType } from '../../functions/collector/contract.ts';
import { createWorld, type World } from '../../local/world.ts';
import { toldToCollector } from '../collector-settings.ts';
import { role, writeAssembly } from './small-assembly.ts';

const startAt = Date.parse('2026-03-01T00:00:00Z');
let dir: string;
let world: World;
const invocations: Invocation[] = [];
const clock = createVirtualClock({ startAt });

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'world-'));
  writeAssembly(join(dir, 'assembly'), template(['cis', 'risk']));
  world = await createWorld({
    assemblyDir: join(dir, 'assembly'),
    workDir: join(dir, 'work'),
    hosts: { 'https://api.example.com': 'http://127.0.0.1:1' },
    mosaic: { clientId: 'id', clientSecret: 'secret' },
    secrets: { 'splunk/token': '{"hec_token":"t"}' },
    clock,
    lambda: { onInvocation: (invocation) => invocations.push(invocation) },
  });
});
afterAll(async () => {
  await world.close();
  clock.close();
  rmSync(dir, { recursive: true });
});

test('the streams are read out of what was deployed', () => {
  expect(world.streams).toMatchObject([
    { name: 'relay-cis', id: 'cis-1', type: 'cis', functionLogicalId: 'CollectorCis' },
    { name: 'relay-risk', id: 'risk-1', type: 'risk', functionLogicalId: 'CollectorRisk' },
  ]);
  expect(world.streams[0]?.settings.mosaicUrl).toBe('http://127.0.0.1:1');
});

test('the secret that functions name holds what Mosaic gave', () => {
  expect(JSON.parse(world.secrets.read('mosaic/app'))).toEqual({ client_id: 'id', client_secret: 'secret' });
  expect(world.secrets.read('splunk/token')).toBe('{"hec_token":"t"}');
});

test('schedules fire for the streams that are wanted, as the roles of the template', async () => {
  world.startSchedules(({ type }) => type === 'risk');
  await clock.runUntil(() => invocations.length >= 2, startAt + 3_600_000);
  world.scheduler.stop();

  expect(invocations.map(({ logicalId, status }) => [logicalId, status])).toEqual([
    ['CollectorRisk', 'ok'],
    ['CollectorRisk', 'ok'],
  ]);
  expect(world.denials).toEqual([]);
});

test('an update adds and removes streams', async () => {
  writeAssembly(join(dir, 'changed'), template(['risk', 'verify']));

  await world.update(join(dir, 'changed'));

  expect(world.streams.map(({ name }) => name)).toEqual(['relay-risk', 'relay-verify']);
  expect(world.scheduler.schedules.map(({ name }) => name).toSorted()).toEqual([
    'default/risk',
    'default/verify',
  ]);
});

function template(types: readonly EventType[]): { Resources: Record<string, object> } {
  const resources: Record<string, object> = { Role: role };
  for (const type of types) {
    const name = `${type[0]?.toUpperCase()}${type.slice(1)}`;
    resources[`Collector${name}`] = {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { ZipFile: 'exports.handler = async () => JSON.parse(process.env.SETTINGS).name' },
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Runtime: 'nodejs24.x',
        MemorySize: 256,
        Environment: { Variables: environment(type) },
      },
    };
    resources[`Schedule${name}`] = {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        Name: type,
        ScheduleExpression: 'rate(5 minutes)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: { 'Fn::GetAtt': [`Collector${name}`, 'Arn'] },
          RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Input: '{"task":"collect"}',
        },
      },
    };
  }
  return { Resources: resources };
}

function environment(type: EventType): Record<string, unknown> {
  const settings = toldToCollector({ name: `relay-${type}`, id: `${type}-1`, type });
  return { SECRET_ID: 'mosaic/app', SETTINGS: JSON.stringify(settings) };
}
