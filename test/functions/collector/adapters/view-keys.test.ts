import { expect, test } from 'vitest';
import { createViewKeys } from '../../../../functions/collector/adapters/view-keys.ts';
import { startSecrets } from '../../start-secrets.ts';

const key = Buffer.alloc(32, 7).toString('base64');

test('a key is its id and the bytes of its base64', async () => {
  const read = await readerOf({ SecretString: JSON.stringify({ id: 'p1', key, comment: 1 }) });

  expect(await read('arn:key')).toEqual({ id: 'p1', secret: Buffer.alloc(32, 7) });
});

test.each([
  ['{"key":"hunter2"}', 'it has no id'],
  [`{"id":"p:1","key":"${key}"}`, 'it has no id'],
  [`{"id":"seventeen-letters","key":"${key}"}`, 'it has no id'],
  ['{"id":"p1"}', 'its key is not base64'],
  ['{"id":"p1","key":"hunter 2"}', 'its key is not base64'],
  [`{"id":"p1","key":"${Buffer.alloc(31, 7).toString('base64')}"}`, 'its key has 31 bytes'],
  ['hunter2', 'it has no id'],
  ['null', 'it has no id'],
])('%s is refused with the id of the secret and never its value', async (text, what) => {
  const read = await readerOf({ SecretString: text });
  const error = await read('arn:key').catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ code: 'ViewKeyMalformed', facts: { secretId: 'arn:key' } });
  expect(String(error)).toContain(what);
  expect(`${String(error)} ${String((error as Error).cause)}`).not.toContain('hunter');
});

test('a key that cannot be read names its secret and the reason', async () => {
  const read = await readerOf({ __type: 'AccessDeniedException', Message: 'no' });

  await expect(read('arn:key')).rejects.toMatchObject({
    code: 'ViewKeyUnreadable',
    facts: { secretId: 'arn:key', error: 'AccessDeniedException' },
  });
});

/** A reader whose Secrets Manager gives one answer, `__type` for an error. */
async function readerOf(answer: Readonly<Record<string, string>>) {
  const { client, answers } = await startSecrets();
  answers.push({ ...answer });
  return createViewKeys(client);
}
