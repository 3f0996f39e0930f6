import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Invocation } from '../aws/lambda/function-definition.ts';
import { createVirtualClock } from '../clock/virtual-clock.ts';
import { type LocalStack, startStack } from '../local-stack.ts';
import { functionResources, role, startAt, writeAssembly } from './aws/cloudformation/stack-fixture.ts';

let dir: string;
let stack: LocalStack;
const invocations: Invocation[] = [];
const deployed: string[] = [];
const clock = createVirtualClock({ startAt });

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'local-stack-'));
  writeAssembly(join(dir, 'assembly'), template(['Early', 'Late']));
  stack = await startStack({
    assemblyDir: join(dir, 'assembly'),
    workDir: join(dir, 'work'),
    hosts: {},
    secrets: ({ stackName }) => ({ [`${stackName}/token`]: 'first' }),
    onDeployed: (deployment) =>
      deployed.push(
        deployment
          .byType('AWS::Scheduler::Schedule')
          .map(({ logicalId }) => logicalId)
          .join(),
      ),
    clock,
    lambda: { onInvocation: (invocation) => invocations.push(invocation) },
  });
});
afterAll(async () => {
  await stack.close();
  clock.close();
  rmSync(dir, { recursive: true });
});

test('schedules fire where they are wanted, as the roles of the template', async () => {
  stack.startSchedules(({ name }) => name === 'default/Late');
  await clock.runUntil(() => invocations.length >= 2, startAt + 3_600_000);
  stack.scheduler.stop();

  expect(invocations.map(({ logicalId, status }) => [logicalId, status])).toEqual([
    ['FunctionLate', 'ok'],
    ['FunctionLate', 'ok'],
  ]);
  expect(stack.denials).toEqual([]);
});

test('a schedule whose role may not call its function stops the run, naming who and what', async () => {
  const changed = template(['Early', 'Late']);
  changed.Resources.Role = { ...role, Properties: { ...role.Properties, Policies: [] } };
  writeAssembly(join(dir, 'without-policy'), changed);
  await stack.update(join(dir, 'without-policy'));

  stack.startSchedules();

  await expect(clock.advance()).rejects.toThrow(/AccessDenied: .*lambda:InvokeFunction/);
  stack.scheduler.stop();
  expect(stack.denials.length).toBeGreaterThan(0);
});

test('an update is told, and leaves a secret that is there alone', async () => {
  stack.secrets.put('small/token', 'rotated');
  writeAssembly(join(dir, 'changed'), template(['Late', 'Later']));

  await stack.update(join(dir, 'changed'));

  expect(deployed.at(-1)).toBe('ScheduleLate,ScheduleLater');
  expect(stack.scheduler.schedules.map(({ name }) => name).toSorted()).toEqual([
    'default/Late',
    'default/Later',
  ]);
  expect(stack.secrets.read('small/token')).toBe('rotated');
});

test('a policy that nobody here can evaluate fails the update by name, and the stack stays as it was', async () => {
  const changed = template(['Late']);
  const ManagedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
  changed.Resources.Role = { ...role, Properties: { ...role.Properties, ManagedPolicyArns } };
  writeAssembly(join(dir, 'administrator'), changed);
  const before = stack.deployment;

  await expect(stack.update(join(dir, 'administrator'))).rejects.toThrow('AdministratorAccess is not known');

  expect(stack.deployment).toBe(before);
  expect(stack.scheduler.schedules).toHaveLength(2);
});

test('a stack that cannot be created leaves no process or server behind', async () => {
  const broken = template(['Early']);
  broken.Resources.Thing = { Type: 'AWS::EC2::Instance' };
  writeAssembly(join(dir, 'broken'), broken);
  const before = handles();

  const creating = startStack({
    assemblyDir: join(dir, 'broken'),
    workDir: join(dir, 'work-2'),
    hosts: {},
    clock,
  });

  await expect(creating).rejects.toThrow('AWS::EC2::Instance');
  // A closed server is counted until its handle is gone, a turn later.
  await expect.poll(handles).toBe(before);
});

const handles = () =>
  process.getActiveResourcesInfo().filter((name) => /TCPServer|Process/.test(name)).length;

/** A function for each name, and a schedule that calls it every five minutes. */
function template(names: readonly string[]): { Resources: Record<string, object> } {
  const resources: Record<string, object> = { Role: role };
  for (const name of names) {
    resources[`Function${name}`] = functionResources('exports.handler = async () => 1').Function!;
    resources[`Schedule${name}`] = {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        Name: name,
        ScheduleExpression: 'rate(5 minutes)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: { 'Fn::GetAtt': [`Function${name}`, 'Arn'] },
          RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Input: '{}',
        },
      },
    };
  }
  return { Resources: resources };
}
