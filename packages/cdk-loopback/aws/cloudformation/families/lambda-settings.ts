import type { AsyncSettings } from '../../lambda/function-definition.ts';
import type { DeployedResource } from '../deployment.ts';
import {
  type Account,
  type ResourceFamily,
  type ResourceRequest,
  refuseOthers,
  textProperty,
} from '../resource-family.ts';

/** Settings of a function: retries of its asynchronous events, and the queues that it reads. */
export const lambdaSettings: Readonly<Record<string, ResourceFamily>> = {
  'AWS::Lambda::EventInvokeConfig': {
    replacedBy: ['FunctionName', 'Qualifier'],
    create: (request, account) => setAsync(request, account),
    update: (request, account) => setAsync(request, account),
    remove: ({ properties }, { lambda }) =>
      lambda.functions.setAsync(arnOf(properties, lambda), String(properties.Qualifier), undefined),
  },
  'AWS::Lambda::EventSourceMapping': {
    replacedBy: ['EventSourceArn'],
    create: (request, account) => putEventSource(request, account, request.generatedName),
    update: (request, account) => putEventSource(request, account, request.previous.physicalId),
    remove: ({ physicalId }, { eventSources }) => eventSources.remove(physicalId),
  },
};

type Properties = DeployedResource['properties'];

function arnOf(properties: Properties, lambda: Account['lambda']): string {
  return lambda.functions.find(String(properties.FunctionName)).definition.arn;
}

function setAsync(request: ResourceRequest, { lambda }: Account) {
  refuseOthers(request, ['FunctionName', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'Qualifier']);
  const { properties, generatedName } = request;
  const settings: AsyncSettings = {
    maxRetries: Number(properties.MaximumRetryAttempts ?? 2),
    maxEventAgeSeconds: Number(properties.MaximumEventAgeInSeconds ?? 21_600),
  };
  lambda.functions.setAsync(arnOf(properties, lambda), String(properties.Qualifier), settings);
  return { physicalId: generatedName };
}

async function putEventSource(request: ResourceRequest, { eventSources }: Account, id: string) {
  refuseOthers(request, [
    'BatchSize',
    'EventSourceArn',
    'FunctionName',
    'FunctionResponseTypes',
    'ScalingConfig',
    'Tags',
  ]);
  const { properties, logicalId } = request;
  const batchSize = Number(properties.BatchSize ?? 10);
  // A larger one needs a batching window.
  if (!(batchSize >= 1 && batchSize <= 10)) throw new Error(`${logicalId}.BatchSize must be 1 to 10`);
  await eventSources.put(id, {
    queueArn: textProperty(request, 'EventSourceArn'),
    functionName: textProperty(request, 'FunctionName'),
    batchSize,
    reportsFailures: (properties.FunctionResponseTypes as string[] | undefined)?.[0] === reports,
  });
  return { physicalId: id, attributes: { Id: id } };
}

const reports = 'ReportBatchItemFailures';
