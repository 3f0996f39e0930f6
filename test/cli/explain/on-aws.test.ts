// A stand-in for the four calls that explain-diff makes, written after the API reference of CloudFormation.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStackOnAws } from '../../../cli/explain/on-aws.ts';
import { runRelay } from '../run-relay.ts';

const inner = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/mosaic-relay-dev-Alarms/1';
const innerSet = 'arn:aws:cloudformation:eu-west-1:111122223333:changeSet/inner/1';
const templates: Readonly<Record<string, object>> = {
  'mosaic-relay-dev': {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Metadata: { 'aws:cdk:path': 'mosaic-relay-dev/Table/Table/Resource' },
    },
    Alarms: { Type: 'AWS::CloudFormation::Stack' },
  },
  [inner]: { Red: { Type: 'AWS::CloudWatch::Alarm', Properties: { Threshold: 1 } } },
};
const pages: Readonly<Record<string, readonly string[]>> = {
  mine: [
    change({
      action: 'Modify',
      id: 'Table',
      type: 'AWS::DynamoDB::Table',
      replacement: 'Conditional',
      property: 'KeySchema',
    }),
    change({
      action: 'Modify',
      id: 'Alarms',
      type: 'AWS::CloudFormation::Stack',
      more: `<PhysicalResourceId>${inner}</PhysicalResourceId><ChangeSetId>${innerSet}</ChangeSetId>`,
    }),
  ],
  [innerSet]: [
    change({
      action: 'Remove',
      id: 'Red',
      type: 'AWS::CloudWatch::Alarm',
      more: '<PolicyAction>Delete</PolicyAction>',
    }),
  ],
};

let server: Server;
beforeEach(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { status, text } = answerTo(new URLSearchParams(body));
    response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDTEST');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
});

test('the deployed template is read with those of the stacks within it', async () => {
  const stack = await openStackOnAws('mosaic-relay-dev', 'eu-west-1');
  const { Resources } = await stack.template();
  stack.close();

  expect(Object.keys(Resources)).toEqual(['Table', 'Alarms', 'Alarms/Red']);
});

test('a change set is taken at its word, page by page, with those of the stacks within it', async () => {
  const { code, out, problems } = await runRelay([
    'explain-diff',
    '--region',
    'eu-west-1',
    '--change-set',
    'mine',
  ]);

  expect([code, problems]).toEqual([1, '']);
  expect(out).toMatch(
    /^Data or names [^\n]*\n {2}perhaps replaced table Table\/Table:\n {4}CloudFormation decides/,
  );
  expect(out).toMatch(/removed alarm Red:\n {4}is deleted, and tells nobody of this any more/);
});

test.each([
  [
    ['--stage', 'pord', '--change-set', 'mine'],
    /there is no change set mine of stack mosaic-relay-pord in eu-west-1; see whether/,
  ],
  [
    ['--change-set', 'other'],
    /there is no change set other of stack mosaic-relay-dev in eu-west-1; see whether/,
  ],
])('%j is one line and exit code 2', async (args, line) => {
  const { code, out, problems } = await runRelay(['explain-diff', '--region', 'eu-west-1', ...args]);

  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(problems).toMatch(line);
});

function change(one: {
  action: string;
  id: string;
  type: string;
  replacement?: string;
  property?: string;
  more?: string;
}) {
  const details = one.property
    ? `<Details><member><Target><Attribute>Properties</Attribute><Name>${one.property}</Name></Target></member></Details>`
    : '';
  return (
    `<member><Type>Resource</Type><ResourceChange><Action>${one.action}</Action><LogicalResourceId>${one.id}</LogicalResourceId>` +
    `<ResourceType>${one.type}</ResourceType><Replacement>${one.replacement ?? 'False'}</Replacement>${details}${one.more ?? ''}</ResourceChange></member>`
  );
}

function answerTo(form: URLSearchParams): { readonly status: number; readonly text: string } {
  const [action, stack, set] = ['Action', 'StackName', 'ChangeSetName'].map((name) => form.get(name) ?? '');
  const ok = (inside: string) => ({
    status: 200,
    text: `<${action}Response><${action}Result>${inside}</${action}Result></${action}Response>`,
  });
  const gone = (code: string) => ({
    status: 400,
    text: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>not there</Message></Error></ErrorResponse>`,
  });
  if (action === 'DescribeChangeSet') {
    const found = pages[set!];
    const page = Number(form.get('NextToken') ?? 0);
    if (found === undefined) return gone('ChangeSetNotFound');
    const next = page + 1 < found.length ? `<NextToken>${page + 1}</NextToken>` : '';
    return ok(`<Changes>${found[page]}</Changes>${next}`);
  }
  const template = templates[stack!];
  if (template === undefined) return gone('ValidationError');
  if (action === 'GetTemplate') {
    return ok(
      `<TemplateBody>${JSON.stringify({ Resources: template }).replaceAll('"', '&quot;')}</TemplateBody>`,
    );
  }
  if (action !== 'ListStackResources') return gone('InvalidAction');
  const summary =
    `<member><LogicalResourceId>Alarms</LogicalResourceId><PhysicalResourceId>${inner}</PhysicalResourceId>` +
    '<ResourceType>AWS::CloudFormation::Stack</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>';
  return ok(`<StackResourceSummaries>${stack === inner ? '' : summary}</StackResourceSummaries>`);
}
