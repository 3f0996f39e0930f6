import { expect, test } from 'vitest';
import type { AwsCall } from '../../../aws/aws-call.ts';
import type { DeployedResource } from '../../../aws/cloudformation/deployment.ts';
import type { LeftResources } from '../../../aws/control-plane/left-resources.ts';
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
const logs = createLogs({
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
