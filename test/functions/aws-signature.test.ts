import { expect, test } from 'vitest';
import { signedHeaders } from '../../functions/aws-signature.ts';

// "get-vanilla" of AWS's own test suite of Signature Version 4.
test('a signed GET has the signature that AWS gives for it', () => {
  const { authorization } = signedHeaders(
    { method: 'GET', url: new URL('https://example.amazonaws.com/') },
    {
      service: 'service',
      region: 'us-east-1',
      credentials: {
        accessKeyId: 'AKIDEXAMPLE',
        secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
      },
      now: Date.UTC(2015, 7, 30, 12, 36),
    },
  );

  expect(authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, ' +
      'Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  );
});

test('a session token and further headers are signed', () => {
  const signing = { service: 'aoss', region: 'eu-west-1', now: 0 };
  const credentials = { accessKeyId: 'A', secretAccessKey: 'B', sessionToken: 'C' };
  const headers = signedHeaders(
    { method: 'GET', url: new URL('https://example.com/a?b=c'), headers: { 'x-amz-content-sha256': 'd' } },
    { ...signing, credentials },
  );

  expect(headers).toMatchObject({ 'x-amz-security-token': 'C', 'x-amz-content-sha256': 'd' });
  expect(headers.authorization).toContain('host;x-amz-content-sha256;x-amz-date;x-amz-security-token');
});
