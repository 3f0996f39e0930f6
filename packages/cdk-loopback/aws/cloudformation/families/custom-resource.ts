import { createHash } from 'node:crypto';
import type { DeployedResource } from '../deployment.ts';
import type { Account, Created, Properties, ResourceFamily } from '../resource-family.ts';

/**
 * Resources that a function stands for.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
export const customResources: Readonly<Record<string, ResourceFamily>> = {
  'AWS::CloudFormation::CustomResource': {
    replacedBy: ['ServiceToken'],
    create: (request, account) => ask({ ...request, requestType: 'Create' }, account),
    update: (request, account) => {
      const { physicalId, properties } = request.previous;
      return ask({ ...request, requestType: 'Update', physicalId, oldProperties: properties }, account);
    },
    remove: async (resource: DeployedResource, account, { stackId }) => {
      const { failure } = await ask({ ...resource, stackId, requestType: 'Delete' }, account);
      if (failure !== undefined) throw new Error(`${resource.logicalId} (${resource.type}): ${failure}`);
    },
  },
};

interface Question {
  readonly requestType: 'Create' | 'Update' | 'Delete';
  readonly logicalId: string;
  readonly type: string;
  readonly stackId: string;
  readonly properties: Properties;
  readonly physicalId?: string;
  readonly oldProperties?: Properties;
}

/** How long CloudFormation waits for the answer, unless the resource says otherwise. */
const defaultTimeoutSeconds = 3600;

/** Sends the event to the function and waits, on the clock, for what it puts to the response URL. */
async function ask(question: Question, { clock, lambda, responses }: Account): Promise<Created> {
  const { properties, physicalId, oldProperties } = question;
  let body: string | undefined;
  const expected = await responses.expect((text) => {
    body = text;
  });
  const requestId = newRequestId(question, expected.number);
  const event = {
    RequestType: question.requestType,
    ResponseURL: expected.url,
    StackId: question.stackId,
    RequestId: requestId,
    ResourceType: question.type,
    LogicalResourceId: question.logicalId,
    ...(physicalId === undefined ? {} : { PhysicalResourceId: physicalId }),
    ResourceProperties: asTexts(properties),
    ...(oldProperties === undefined ? {} : { OldResourceProperties: asTexts(oldProperties) }),
  };
  const timeoutMs = Number(properties.ServiceTimeout ?? defaultTimeoutSeconds) * 1000;
  const deadline = clock.now() + timeoutMs;
  await lambda.invoke(String(properties.ServiceToken), event, { kind: 'async' });
  await clock.runUntil(() => body !== undefined, deadline);
  expected.cancel();
  if (body === undefined) {
    const failure = `CloudFormation did not receive a response from the function within ${timeoutMs / 1000} s (request ${requestId})`;
    return { physicalId: physicalId ?? requestId, failure };
  }
  return readResponse(body, { ...question, requestId });
}

/** The UUID is random on AWS; here it follows from the stack and the number of the request, so that runs agree. */
function newRequestId({ stackId, logicalId }: Question, number: number): string {
  const hex = createHash('sha256').update(`${stackId} ${logicalId} ${number}`).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  return parts.join('-');
}

interface Response {
  readonly Status?: unknown;
  readonly Reason?: unknown;
  readonly PhysicalResourceId?: unknown;
  readonly StackId?: unknown;
  readonly RequestId?: unknown;
  readonly LogicalResourceId?: unknown;
  readonly NoEcho?: unknown;
  readonly Data?: Readonly<Record<string, unknown>>;
}

function readResponse(body: string, question: Question & { readonly requestId: string }): Created {
  const fallback = question.physicalId ?? question.requestId;
  const invalid = (what: string): Created => ({
    physicalId: fallback,
    failure: `Invalid response: ${what}`,
  });
  let response: Response;
  try {
    response = JSON.parse(body) as Response;
  } catch {
    return invalid('not JSON');
  }
  const { Status, Reason, PhysicalResourceId: physicalId } = response;
  if (typeof physicalId !== 'string' || physicalId === '' || physicalId.length > 1024)
    return invalid('PhysicalResourceId must be a text of 1 to 1024 characters');
  if (response.StackId !== question.stackId) return invalid('StackId is not that of the request');
  if (response.RequestId !== question.requestId) return invalid('RequestId is not that of the request');
  if (response.LogicalResourceId !== question.logicalId)
    return invalid('LogicalResourceId is not that of the request');
  if (Status === 'FAILED') {
    if (typeof Reason !== 'string' || Reason === '') return invalid('FAILED needs a Reason');
    return { physicalId, failure: Reason };
  }
  return Status === 'SUCCESS' ? { physicalId, attributes: response.Data ?? {} } : invalid('Status');
}

/** CloudFormation sends every number and boolean as a text. */
function asTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asTexts(item)]));
}
