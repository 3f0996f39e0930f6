import { expect, test } from 'vitest';
import { createCredentialsReader, parseCredentials } from '../../../functions/mosaic/credentials.ts';
import { startSecrets } from '../start-secrets.ts';

test('the two fields are read, blanks around them dropped, others ignored', () => {
  const text = '{"client_id":" id ","client_secret":"secret\\n","comment":1}';
  expect(parseCredentials('mosaic', text)).toEqual({ clientId: 'id', clientSecret: 'secret' });
});

test.each([
  [undefined, 'it is not a JSON object'],
  ['hunter2', 'it is not a JSON object'],
  ['"hunter2"', 'it is not a JSON object'],
  ['null', 'it is not a JSON object'],
  ['{"client_id":"hunter2"}', 'it has no client_secret'],
  ['{"client_id":"hunter2","client_secret":""}', 'it has no client_secret'],
  ['{"client_id":5,"client_secret":"hunter2"}', 'it has no client_id'],
  ['{"clientId":"hunter2"}', 'it has no client_id and no client_secret'],
])('%j is refused with the id of the secret and never its value', (text, what) => {
  const error = errorOf(() => parseCredentials('arn:secret:mosaic', text));
  expect(error).toMatchObject({ code: 'SecretMalformed', facts: { secretId: 'arn:secret:mosaic' } });
  expect(String(error)).toContain(`Secret arn:secret:mosaic must hold`);
  expect(String(error)).toContain(what);
  expect(`${String(error)} ${String((error as Error).cause)}`).not.toContain('hunter2');
});

test('the secret is read once, and again when asked for fresh', async () => {
  const { client, answers, calls } = await startSecrets();
  answers.push({ SecretString: secret('one') }, { SecretString: secret('two') });
  const read = createCredentialsReader({ client, secretId: 'mosaic' });
  expect(await read({ fresh: false })).toMatchObject({ clientSecret: 'one' });
  expect(await read({ fresh: false })).toMatchObject({ clientSecret: 'one' });
  expect(await read({ fresh: true })).toMatchObject({ clientSecret: 'two' });
  expect(await read({ fresh: false })).toMatchObject({ clientSecret: 'two' });
  expect(calls).toEqual([{ SecretId: 'mosaic' }, { SecretId: 'mosaic' }]);
});

test('a secret that cannot be read names itself and the reason', async () => {
  const { client, answers } = await startSecrets();
  answers.push({ __type: 'ResourceNotFoundException', Message: 'not found' });
  const read = createCredentialsReader({ client, secretId: 'mosaic' });
  await expect(read({ fresh: false })).rejects.toMatchObject({
    code: 'SecretUnreadable',
    message: expect.stringContaining('Secret mosaic could not be read (ResourceNotFoundException)'),
  });
});

function secret(value: string): string {
  return JSON.stringify({ client_id: 'id', client_secret: value });
}

function errorOf(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}
