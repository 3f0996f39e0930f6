// A stand-in for what finding a stack asks of AWS, written here after the API references of STS (GetCallerIdentity),
// CloudFormation (DescribeStacks, ListStackResources), Lambda (GetFunctionConfiguration, ListEventSourceMappings) and
// DynamoDB (GetItem). What else is asked it refuses by name.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface AwsStandIn {
  readonly url: string;
  /** What was asked, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

export interface AwsAccount {
  readonly stacks: Readonly<Record<string, StackStandIn>>;
  /** Refuses every call by this code. */
  readonly refusal?: string;
  /** `META` of every stream, as DynamoDB has items. */
  readonly meta?: object;
}

interface StackStandIn {
  readonly outputs: Readonly<Record<string, string>>;
  /** Pages of physical id and type. */
  readonly resources: readonly (readonly (readonly [id: string, type: string])[])[];
  /** Environments. */
  readonly functions: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Of every function, in MB. */
  readonly memorySize: number;
  /** ARNs of queues. */
  readonly sources: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

export async function startAwsStandIn(account: AwsAccount): Promise<AwsStandIn> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const { name, answer } = answerTo(request, body, account);
      asked.push(name);
      response.writeHead(answer.status, { 'content-type': 'text/plain' }).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

function answerTo(
  request: IncomingMessage,
  body: string,
  account: AwsAccount,
): { readonly name: string; readonly answer: Answer } {
  const target = request.headers['x-amz-target'];
  if (target === 'DynamoDB_20120810.GetItem') {
    const item = account.meta === undefined ? {} : { Item: account.meta };
    return { name: 'GetItem', answer: ok(JSON.stringify(item)) };
  }
  const path = request.url ?? '/';
  if (path.startsWith('/2015-03-31/')) return answerLambda(path, account);
  const form = new URLSearchParams(body);
  const name = form.get('Action') ?? String(target);
  if (account.refusal !== undefined) return { name, answer: refused(403, account.refusal, 'Not you.') };
  return { name, answer: answerQuery(name, form, account) };
}

function answerQuery(name: string, form: URLSearchParams, { stacks }: AwsAccount): Answer {
  if (name === 'GetCallerIdentity')
    return result(name, '<Account>111122223333</Account><Arn>arn:x</Arn><UserId>u</UserId>');
  const stackName = form.get('StackName') ?? '';
  const stack = stacks[stackName];
  if (stack === undefined)
    return refused(400, 'ValidationError', `Stack with id ${stackName} does not exist`);
  if (name === 'DescribeStacks') {
    const outputs = Object.entries(stack.outputs).map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    );
    return result(
      name,
      `<Stacks><member><StackName>${stackName}</StackName><StackStatus>CREATE_COMPLETE</StackStatus>` +
        `<CreationTime>2026-03-01T00:00:00Z</CreationTime><Outputs>${outputs.join('')}</Outputs></member></Stacks>`,
    );
  }
  if (name === 'ListStackResources') {
    const page = Number(form.get('NextToken') ?? 0);
    const members = stack.resources[page]!.map(
      ([id, type]) =>
        `<member><LogicalResourceId>L</LogicalResourceId><PhysicalResourceId>${id}</PhysicalResourceId>` +
        `<ResourceType>${type}</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus>` +
        '<LastUpdatedTimestamp>2026-03-01T00:00:00Z</LastUpdatedTimestamp></member>',
    );
    const next = page + 1 < stack.resources.length ? `<NextToken>${page + 1}</NextToken>` : '';
    return result(name, `<StackResourceSummaries>${members.join('')}</StackResourceSummaries>${next}`);
  }
  return refused(400, 'InvalidAction', `This stand-in does not know ${name}.`);
}

function answerLambda(path: string, { stacks }: AwsAccount): { name: string; answer: Answer } {
  const all = Object.values(stacks);
  const [, named] = /^\/2015-03-31\/functions\/([^/]+)\/configuration$/.exec(path) ?? [];
  if (named !== undefined) {
    const stack = all.find(({ functions }) => functions[named] !== undefined);
    const Environment = { Variables: stack?.functions[named] };
    const body = JSON.stringify({ Environment, MemorySize: stack?.memorySize });
    return { name: 'GetFunctionConfiguration', answer: ok(body) };
  }
  const { pathname, searchParams } = new URL(path, 'http://x');
  if (pathname.replace(/\/$/, '') !== '/2015-03-31/event-source-mappings')
    return { name: path, answer: refused(400, 'InvalidAction', `This stand-in does not know ${path}.`) };
  const of = searchParams.get('FunctionName') ?? '';
  const arns = all.flatMap(({ sources }) => sources[of] ?? []);
  const EventSourceMappings = arns.map((EventSourceArn) => ({ EventSourceArn }));
  return { name: 'ListEventSourceMappings', answer: ok(JSON.stringify({ EventSourceMappings })) };
}

function ok(body: string): Answer {
  return { status: 200, body };
}

function result(name: string, body: string): Answer {
  return ok(`<${name}Response><${name}Result>${body}</${name}Result></${name}Response>`);
}

function refused(status: number, code: string, message: string): Answer {
  return {
    status,
    body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  };
}
