import { expect, test } from 'vitest';
import type { SignedAnswer, SignedCall } from '../../../functions/post-signed.ts';
import { createDeliveryLogs } from '../../../functions/stream-lifecycle/adapters/delivery-logs.ts';

const group = '/mosaic-siem-relay/test/cis/s3';
const json = (status: number, body: object): SignedAnswer => ({ status, text: JSON.stringify(body) });

/** CloudWatch Logs that gives these answers, one after the other. */
function logsAnswering(...answers: readonly SignedAnswer[]) {
  const calls: SignedCall[] = [];
  const slept: number[] = [];
  const logs = createDeliveryLogs({
    region: async () => 'eu-west-1',
    post: async (call) => {
      calls.push(call);
      return answers[calls.length - 1] ?? { status: 0, text: 'no more answers' };
    },
    sleep: async (ms) => slept.push(ms),
  });
  return { logs, calls, slept };
}

const event = (errorCode: string, timestamp = 7) => ({
  eventId: String(timestamp),
  logStreamName: 'delivery',
  timestamp,
  message: JSON.stringify({ errorCode, message: 'refused' }),
});

test('the first failed write is found behind an empty page', async () => {
  const found = { events: [event('S3.AccessDenied'), event('S3.NoSuchBucket', 9)] };
  const { logs, calls } = logsAnswering(json(200, { events: [], nextToken: 'more' }), json(200, found));
  expect(await logs.firstFailure(group, 5)).toEqual({ at: 7, code: 'S3.AccessDenied' });
  const [first, second] = calls.map(({ body }) => JSON.parse(body));
  expect(first).toEqual({ logGroupName: group, startTime: 5, filterPattern: '{ $.errorCode = "S3.*" }' });
  expect(second).toEqual({ ...first, nextToken: 'more' });
});

test('a group without failures, and one that is not there, have none', async () => {
  const gone = json(400, { __type: 'ResourceNotFoundException', message: 'none' });
  for (const answer of [json(200, { events: [] }), gone])
    expect(await logsAnswering(answer).logs.firstFailure(group, 5)).toBeUndefined();
});

test('a call that is throttled or fails is made again, later each time', async () => {
  const throttled = json(400, { __type: 'ThrottlingException', message: 'Rate exceeded' });
  const { logs, slept } = logsAnswering(throttled, { status: 503, text: 'busy' }, json(200, { events: [] }));
  expect(await logs.firstFailure(group, 5)).toBeUndefined();
  expect(slept).toEqual([1_000, 2_000]);
  await expect(logsAnswering(...Array(4).fill(throttled)).logs.firstFailure(group, 5)).rejects.toThrow(
    /Rate exceeded/,
  );
});

test('a refusal is told at once, in the words of AWS', async () => {
  const { logs, slept } = logsAnswering(json(400, { __type: 'x#AccessDeniedException', Message: 'not you' }));
  await expect(logs.firstFailure(group, 5)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('not you'),
  });
  expect(slept).toEqual([]);
});
