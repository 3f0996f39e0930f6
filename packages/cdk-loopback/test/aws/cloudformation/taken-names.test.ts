import { afterEach, beforeEach, expect, test } from 'vitest';
import { deleteStack, deployStack } from '../../../aws/cloudformation/deploy.ts';
import type { Deployment } from '../../../aws/cloudformation/deployment.ts';
import {
  customResource,
  customResourceCode,
  functionResources,
  type StackFixture,
  startStackFixture,
} from './stack-fixture.ts';

let fixture: StackFixture;
beforeEach(async () => {
  fixture = await startStackFixture();
});
afterEach(() => fixture.close());

const deploy = (resources: object, previous?: Deployment) =>
  deployStack(fixture.stack({ Resources: resources }), fixture.account, previous && { previous });
const nothing = { Topic: { Type: 'AWS::SNS::Topic' } };
const logs = (policy: string, name = '/relay/cis') => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName: name },
  DeletionPolicy: policy,
});

test.each(['Retain', 'RetainExceptOnCreate'])(
  'a name is taken while a resource that was kept by %s has it',
  async (policy) => {
    const first = await deploy({ ...nothing, Logs: logs(policy) });
    const second = await deploy(nothing, first);
    await expect(deploy({ ...nothing, Again: logs(policy) }, second)).rejects.toThrow(
      'Again (AWS::Logs::LogGroup): /relay/cis already exists',
    );
    await deploy({ ...nothing, Again: logs(policy, '/relay/cis/2') }, second);
  },
);

test('a name is free again after its resource was deleted', async () => {
  const first = await deploy({ ...nothing, Logs: logs('Delete') });
  const second = await deploy(nothing, first);
  await deploy({ ...nothing, Again: logs('Delete') }, second);
});

test('a name cannot move to another resource in one update: the new one is made before the old one is deleted', async () => {
  const first = await deploy({ ...nothing, Logs: logs('Delete') });
  await expect(deploy({ ...nothing, Moved: logs('Delete') }, first)).rejects.toThrow('already exists');
  // The rollback has left the name with its first owner.
  const second = await deploy(nothing, first);
  await deploy({ ...nothing, Moved: logs('Delete') }, second);
});

test.each([
  ['Retain', /already exists/],
  ['RetainExceptOnCreate', undefined],
])(
  'after a creation that was rolled back, %s keeps the resource and its name, or does not',
  async (policy, taken) => {
    const withFunction = { ...nothing, ...functionResources(customResourceCode) };
    const first = await deploy(withFunction);
    const failing = customResource({ Id: 'bad', Answer: 'fail' }, { DependsOn: 'Logs' });
    await expect(deploy({ ...withFunction, Logs: logs(policy), Failing: failing }, first)).rejects.toThrow(
      'planted',
    );
    const again = deploy({ ...withFunction, Logs: logs(policy) }, first);
    if (taken === undefined) await again;
    else await expect(again).rejects.toThrow(taken);
  },
);

test('names outlive the stack that kept their resources', async () => {
  await deleteStack(await deploy({ ...nothing, Logs: logs('Retain') }), fixture.account);
  await expect(deploy({ ...nothing, Logs: logs('Retain') })).rejects.toThrow('already exists');
});
