import { describe, expect, test } from 'vitest';
import { readNotification } from '../../../functions/object-copier/notification.ts';

function created(key: string, changes: object = {}): string {
  const s3 = { bucket: { name: 'journal' }, object: { key, size: 3, sequencer: '00' } };
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    s3,
    ...changes,
  };
  return JSON.stringify({ Records: [{ eventTime: '2026-03-01T12:00:00.000Z', ...record }] });
}

describe('an S3 notification', () => {
  test('names the object by the key that S3 takes', () => {
    const createdAt = Date.parse('2026-03-01T12:00:00Z');
    expect(readNotification(created('gcs/data/dt%3D2026-03-01/a+b%2Bc%C3%A9.gz'))).toEqual([
      { bucket: 'journal', key: 'gcs/data/dt=2026-03-01/a b+cé.gz', createdAt },
    ]);
  });

  test("S3's test event names nothing", () => {
    expect(readNotification('{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"journal"}')).toEqual([]);
  });

  test.each([
    ['no JSON', 'hello'],
    ['another message', '{"Records":[]}'],
    ['a removed object', created('a', { eventName: 'ObjectRemoved:Delete' })],
    ['a key that is not encoded', created('100%')],
  ])('%s is poison', (_, body) => {
    expect(readNotification(body)).toMatchObject({ kind: 'poison', reason: 'unparsable-message' });
  });
});
