import { expect, test } from 'vitest';
import type { AwsCall } from '../../../aws/aws-call.ts';
import type { DeployedResource } from '../../../aws/cloudformation/deployment.ts';
import type { LeftResources } from '../../../aws/control-plane/left-resources.ts';
import { createLogStore } from '../../../aws/control-plane/log-store.ts';
import { createLogs } from '../../../aws/control-plane/logs.ts';
import type { FirehoseLogEntry } from '../../../aws/firehose/firehose.ts';

const group = { type: 'AWS::Logs::LogGroup', physicalId: '/relay/cis' } as DeployedResource;
const entry = (time: number, code: string, name = '/relay/cis'): FirehoseLogEntry => ({
  time,
  stream: 'cis',
  arn: 'arn:aws:firehose:us-east-1:111122223333:deliverystream/cis',
  version: 1,
  log: { group: name, stream: 'delivery' },
  code,
  message: 'refused',
});
const entries = [
  entry(1, 'S3.AccessDenied'),
  entry(5, 'S3.AccessDenied'),
  entry(6, 'Splunk.AckTimeout'),
  entry(7, 'S3.AccessDenied', '/relay/risk'),
];
let now = 0;
const lines = createLogStore(() => now);
const logs = createLogs({
  lines,
  accountId: '111122223333',
  region: 'us-east-1',
  left: { find: (matches) => [group].find(matches) } as LeftResources,
  entries: () => entries,
});
const asked = { logGroupName: '/relay/cis', startTime: 5, filterPattern: '{ $.errorCode = "S3.*" }' };
const filter = async (input: object) => {
  const answer = await logs.handle({ operation: 'FilterLogEvents', input } as AwsCall);
  if (!('status' in answer)) throw new Error('no answer');
  return { status: answer.status, body: JSON.parse(String(answer.body)) };
};

test('the events of a group are found by their moment and by how a member begins', async () => {
  const { status, body } = await filter(asked);
  expect(status).toBe(200);
  expect(body).toMatchObject({ events: [{ timestamp: 5, logStreamName: 'delivery' }] });
  expect(JSON.parse(body.events[0].message)).toMatchObject({ errorCode: 'S3.AccessDenied' });
});

test.each([
  ['a group that is not there', { ...asked, logGroupName: '/relay/none' }, 'ResourceNotFoundException'],
  ['a parameter that is not known', { ...asked, unmask: true }, 'InvalidParameterException'],
  ['a limit above 10,000', { ...asked, limit: 10_001 }, 'InvalidParameterException'],
  ['an end before the start', { ...asked, endTime: 4 }, 'InvalidParameterException'],
  ['a token that nobody gave', { ...asked, nextToken: 'more' }, 'InvalidParameterException'],
  ['a pattern that is not known', { ...asked, filterPattern: 'ERROR' }, 'InvalidParameterException'],
])('%s is refused', async (_, input, code) => {
  const { status, body } = await filter(input);
  expect([status, body.__type]).toEqual([400, expect.stringContaining(code)]);
});

test('the permission is asked on the streams of the group', () => {
  expect(logs.resourceOf?.({ input: asked } as unknown as AwsCall)).toBe(
    'arn:aws:logs:us-east-1:111122223333:log-group:/relay/cis:log-stream:',
  );
});

test('the lines of functions come a page at a time, in the order of their times, each once', async () => {
  const question = { logGroupName: '/relay/cis', startTime: 10 };
  for (now = 10; now < 210; now += 1)
    lines.put({ group: '/relay/cis', stream: `2026/03/02/[$LATEST]${now % 2}` }, `line ${now}`);
  lines.put({ group: '/relay/risk', stream: 'other' }, 'not asked for');

  const first = (await filter(question)).body;
  const second = (await filter({ ...question, nextToken: first.nextToken })).body;
  const elsewhere = await filter({ ...question, startTime: 11, nextToken: first.nextToken });

  expect(first.events).toHaveLength(100);
  expect(second.nextToken).toBeUndefined();
  const all = [...first.events, ...second.events] as { message: string; eventId: string }[];
  expect(all.map(({ message }) => message)).toEqual(
    Array.from({ length: 200 }, (_, place) => `line ${place + 10}`),
  );
  expect(new Set(all.map(({ eventId }) => eventId)).size).toBe(200);
  // A token goes on with its own question alone.
  expect(elsewhere).toMatchObject({
    status: 400,
    body: { __type: expect.stringContaining('InvalidParameter') },
  });
});

test('a group keeps its last 5,000 lines', () => {
  for (let line = 0; line < 5_001; line += 1)
    lines.put({ group: '/relay/long', stream: 'one' }, String(line));

  expect(lines.eventsOf('/relay/long')).toHaveLength(5_000);
  expect(lines.eventsOf('/relay/long')[0]).toMatchObject({ message: '1' });
});
