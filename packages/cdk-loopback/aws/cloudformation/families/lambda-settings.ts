import type { AsyncSettings } from '../../lambda/function-definition.ts';
import type { DeployedResource } from '../deployment.ts';
import {
  type Account,
  type ResourceFamily,
  type ResourceRequest,
  refuseOthers,
  textProperty,
} from '../resource-family.ts';

/** What belongs to a function: versions, aliases, and what becomes of its events. */
export const lambdaSettings: Readonly<Record<string, ResourceFamily>> = {
  'AWS::Lambda::Version': {
    replacedBy: ['FunctionName', 'CodeSha256'],
    create: ({ properties }, { lambda }) => {
      const arn = arnOf(properties, lambda);
      const version = lambda.functions.publish(arn);
      const versionArn = `${arn}:${version}`;
      return {
        physicalId: versionArn,
        arn: versionArn,
        attributes: { Version: version, FunctionArn: versionArn },
      };
    },
  },
  'AWS::Lambda::Alias': {
    replacedBy: ['FunctionName', 'Name'],
    create: (request, account) => setAlias(request, account),
    update: (request, account) => setAlias(request, account),
    remove: ({ properties }, { lambda }) =>
      lambda.functions.removeAlias(arnOf(properties, lambda), String(properties.Name)),
  },
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

function setAlias(request: ResourceRequest, { lambda }: Account) {
  refuseOthers(request, ['Description', 'FunctionName', 'FunctionVersion', 'Name']);
  const { properties } = request;
  const arn = arnOf(properties, lambda);
  const name = String(properties.Name);
  lambda.functions.setAlias(arn, name, String(properties.FunctionVersion));
  const aliasArn = `${arn}:${name}`;
  return { physicalId: aliasArn, arn: aliasArn, attributes: { AliasArn: aliasArn } };
}

interface Destinations {
  readonly OnFailure?: { readonly Destination: string };
  readonly OnSuccess?: { readonly Destination: string };
}

function setAsync(request: ResourceRequest, { lambda }: Account) {
  refuseOthers(request, [
    'DestinationConfig',
    'FunctionName',
    'MaximumEventAgeInSeconds',
    'MaximumRetryAttempts',
    'Qualifier',
  ]);
  const { properties, generatedName } = request;
  const destinations = (properties.DestinationConfig ?? {}) as Destinations;
  const settings: AsyncSettings = {
    maxRetries: Number(properties.MaximumRetryAttempts ?? 2),
    maxEventAgeSeconds: Number(properties.MaximumEventAgeInSeconds ?? 21_600),
    onFailure: destinations.OnFailure?.Destination,
    onSuccess: destinations.OnSuccess?.Destination,
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
