import { expect, test } from 'vitest';
import { isAccounting, isError, lineText } from '../../../cli/logs/log-line.ts';
import { painter } from '../../../cli/text.ts';

const textOf = (message: string): string =>
  lineText(
    {
      group: { name: '/aws/lambda/cis', writer: 'cis collector' },
      eventId: '1',
      logStreamName: 'one',
      timestamp: Date.UTC(2026, 2, 2, 8, 5, 1, 250),
      message,
    },
    painter(false),
  );

test('a line of a function says its time, who wrote it, its level, its words and its fields', () => {
  const message = JSON.stringify({
    level: 'ERROR',
    message: 'ended',
    timestamp: '2026-03-02T08:05:01.250Z',
    service: 'collector',
    stage: 'dev',
    stream: 'cis',
    task: 'collect',
    reason: 'Mosaic is busy',
    late: { splunk: 2 },
  });

  expect(textOf(message)).toBe(
    '2026-03-02 08:05:01.250 cis collector ERROR ended task=collect reason="Mosaic is busy" late={"splunk":2}',
  );
});

test('a line of Firehose says its code and its words', () => {
  const message = JSON.stringify({
    deliveryStreamARN: 'arn',
    message: 'The endpoint did not answer.',
    errorCode: 'Splunk.AckTimeout',
  });

  expect(textOf(message)).toMatch(/ ERROR Splunk\.AckTimeout: The endpoint did not answer\.$/);
});

test('a line moves no cursor and colours no terminal', () => {
  expect(textOf('one\n\u001b[2Jtwo\u2028three')).toMatch(/ INFO one \[2Jtwo three$/);
});

test.each([
  ['{"level":"INFO","message":"ended"}', false],
  ['{"level":"WARN","message":"ended"}', true],
  ['{"level":"ERROR","message":"ended"}', true],
  ['{"errorCode":"S3.AccessDenied","message":"no"}', true],
  ['RequestId: 1 Error: Task timed out after 300.00 seconds', true],
  ['RequestId: 1 Error: Runtime exited with error: signal: killed', true],
  ['REPORT RequestId: 1 Duration: 3 ms Status: timeout', true],
  ['Invoke Error {"errorType":"RelayError"}', true],
  ['REPORT RequestId: 1 Duration: 3 ms', false],
  ['[1]', false],
])('%s is an error: %s', (message, expected) => {
  expect(isError({ message })).toBe(expected);
});

test.each([
  ['{"_aws":{"CloudWatchMetrics":[]},"Lag":3}', true],
  ['START RequestId: 1 Version: $LATEST', true],
  ['END RequestId: 1', true],
  ['REPORT RequestId: 1 Duration: 3 ms', true],
  ['REPORT RequestId: 1 Duration: 3 ms Status: timeout', false],
  ['{"level":"INFO","message":"ended"}', false],
])('%s is left out: %s', (message, expected) => {
  expect(isAccounting({ message })).toBe(expected);
});
