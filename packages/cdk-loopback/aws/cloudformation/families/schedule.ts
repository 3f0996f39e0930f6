import type { DeployedResource } from '../deployment.ts';
import type { Account, Created, Properties, ResourceFamily, ResourceRequest } from '../resource-family.ts';

/** Schedules, which fire only when the scheduler has been started. */
export const schedules: Readonly<Record<string, ResourceFamily>> = {
  'AWS::Scheduler::Schedule': {
    replacedBy: ['Name', 'GroupName'],
    create: (request, account) =>
      put(request, account, String(request.properties.Name ?? request.generatedName)),
    update: (request, account) => put(request, account, request.previous.physicalId),
    remove: ({ physicalId, properties }: DeployedResource, { scheduler }) =>
      scheduler.remove(qualified(properties, physicalId)),
  },
};

function put({ properties }: ResourceRequest, account: Account, name: string): Created {
  const full = qualified(properties, name);
  account.scheduler.put(full, properties);
  const arn = `arn:aws:scheduler:${account.region}:${account.accountId}:schedule/${full}`;
  return { physicalId: name, arn, attributes: { Arn: arn } };
}

function qualified(properties: Properties, name: string): string {
  return `${String(properties.GroupName ?? 'default')}/${name}`;
}
