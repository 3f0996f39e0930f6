import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkSignature, type ReceivedRequest } from '../../aws/check-signature.ts';
import { createIdentities } from '../../aws/identities.ts';
import { deriveSigningKey, sha256, signatureOf } from '../../aws/signature.ts';
import { region, sentRequests } from './sent-requests.ts';

const identities = createIdentities();
const credentials = identities.issueTo({ kind: 'operator' });
let sent: ReadonlyMap<string, ReceivedRequest>;

beforeAll(async () => {
  sent = await sentRequests(credentials);
});

/** The problem that is found, or `unknown` for a key that nobody has. */
function problemOf(request: ReceivedRequest): string | undefined {
  const checked = checkSignature(request, { region, signerOf: identities.signerOf });
  if (!checked.ok) return checked.problem;
  return checked.signer ? undefined : 'unknown';
}

describe("AWS's own examples are signed as its documents say", () => {
  const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const welcomeHash = '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072';
  const inS3 = {
    secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    signedAt: '20130524T000000Z',
    service: 's3',
    headers: { host: ['examplebucket.s3.amazonaws.com'], 'x-amz-date': ['20130524T000000Z'] },
  };
  const inSuite = {
    secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    signedAt: '20150830T123600Z',
    service: 'service',
    headers: { host: ['example.amazonaws.com'], 'x-amz-date': ['20150830T123600Z'] },
  };

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
  test.each([
    [
      'GET',
      '/test.txt',
      { range: 'bytes=0-9' },
      emptyHash,
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'PUT',
      '/test$file.text',
      { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      welcomeHash,
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
    ['GET', '/?lifecycle', {}, emptyHash, 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
    [
      'GET',
      '/?max-keys=2&prefix=J',
      {},
      emptyHash,
      '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    ],
  ])('S3: %s %s', (method, path, others, payloadHash, expected) => {
    const headers = { ...others, 'x-amz-content-sha256': payloadHash };
    expect(sign(inS3, { method, path, headers, payloadHash })).toBe(expected);
  });

  // https://docs.aws.amazon.com/general/latest/gr/signature-v4-test-suite.html (archived with the SDKs' sources)
  test.each([
    ['GET', '/', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['GET', '/example/..', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    ['GET', '//example//', {}, '9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84'],
    ['GET', '/example space/', {}, '652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741'],
    [
      'GET',
      '/?Param2=value2&Param1=value1',
      {},
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'GET',
      '/',
      { 'my-header1': 'value2,value2,value1' },
      'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
    ],
    [
      'GET',
      '/',
      { 'my-header1': ' value1', 'my-header2': '"a   b   c"' },
      'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
    ],
    ['POST', '/', {}, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
  ])('the test suite: %s %s', (method, path, headers, expected) => {
    expect(sign(inSuite, { method, path, headers, payloadHash: emptyHash })).toBe(expected);
  });

  function sign(
    example: typeof inS3,
    {
      method,
      path,
      headers,
      payloadHash,
    }: { method: string; path: string; headers: object; payloadHash: string },
  ): string {
    const others = Object.entries(headers).map(([name, value]) => [name, [String(value)]]);
    const headersDistinct = { ...example.headers, ...Object.fromEntries(others) };
    const { signedAt, service } = example;
    const scope = { day: signedAt.slice(0, 8), region, service };
    const signedHeaders = Object.keys(headersDistinct).sort();
    return signatureOf(
      { method, path, headersDistinct },
      { signedHeaders, payloadHash, signedAt, scope },
      deriveSigningKey(example.secret, scope),
    );
  }
});

test("every request that the SDK's clients sign is taken", () => {
  expect([...sent].map(([name, request]) => [name, problemOf(request)])).toEqual(
    [...sent.keys()].map((name) => [name, undefined]),
  );
  const streamed = sent.get('S3 PutObject of a stream')!;
  expect(streamed.headers['x-amz-content-sha256']).toBe('STREAMING-UNSIGNED-PAYLOAD-TRAILER');
});

test('a signed request in which any one byte was changed is refused', () => {
  const visible = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
  const request = fc.constantFrom(...sent.keys()).map((name) => sent.get(name)!);
  fc.assert(
    fc.property(request, fc.nat(), fc.nat(), visible, (original, part, at, character) => {
      const parts = changeable(original);
      const { text, put } = parts[part % parts.length]!;
      const index = at % text.length;
      fc.pre(text[index] !== character);
      const changed = put(`${text.slice(0, index)}${character}${text.slice(index + 1)}`);
      // Two spellings of one address, such as %2f and %2F, are the same request.
      fc.pre(addressOf(changed) !== addressOf(original) || changed.path === original.path);
      expect(problemOf(changed)).toBeDefined();
    }),
    { numRuns: 1_500 },
  );
});

/** What one byte can be changed of. */
function changeable(request: ReceivedRequest) {
  const { authorization } = request.headers;
  const signed = /SignedHeaders=([^,]+)/.exec(authorization!)![1]!.split(';');
  const isHashed = !request.headers['x-amz-content-sha256']?.includes('UNSIGNED');
  const withHeader = (name: string) => (value: string) => ({
    ...request,
    headers: { ...request.headers, [name]: value },
    headersDistinct: { ...request.headersDistinct, [name]: [value] },
  });
  return [
    { text: request.method, put: (method: string) => ({ ...request, method }) },
    // A path without its first slash is no request of HTTP.
    { text: request.path.slice(1), put: (rest: string) => ({ ...request, path: `/${rest}` }) },
    ...[...signed, 'authorization'].map((name) => ({
      text: String(request.headers[name]),
      put: withHeader(name),
    })),
    {
      text: isHashed ? Buffer.from(request.body).toString('latin1') : '',
      put: (text: string) => ({ ...request, body: Buffer.from(text, 'latin1') }),
    },
  ].filter(({ text }) => text !== '');
}

function addressOf({ path }: ReceivedRequest): string {
  const upper = (text: string) => text.replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase());
  return path.startsWith('/b/') ? upper(path) : path;
}

describe('what is refused beside a wrong signature', () => {
  const withHeaders = (name: string, changes: Readonly<Record<string, string | undefined>>) => {
    const request = sent.get(name)!;
    const distinct = Object.entries(changes).map(([key, value]) => [
      key,
      value === undefined ? undefined : [value],
    ]);
    return {
      ...request,
      headers: { ...request.headers, ...changes },
      headersDistinct: JSON.parse(
        JSON.stringify({ ...request.headersDistinct, ...Object.fromEntries(distinct) }),
      ) as ReceivedRequest['headersDistinct'],
    };
  };

  test('a header of AWS that was added after the signing', () => {
    expect(problemOf(withHeaders('S3 PutObject', { 'x-amz-acl': 'public-read' }))).toBe('unsigned-header');
    expect(problemOf(withHeaders('Firehose', { 'x-amz-other': '1' }))).toBe('unsigned-header');
  });

  test('another header may be added', () => {
    expect(problemOf(withHeaders('Firehose', { accept: '*/*' }))).toBeUndefined();
  });

  test('a header that was signed and did not arrive', () => {
    expect(problemOf(withHeaders('DynamoDB', { 'x-amz-target': undefined }))).toBe('mismatch');
  });

  test('a header that arrived twice', () => {
    const request = sent.get('SQS')!;
    const twice = {
      ...request.headersDistinct,
      'content-type': ['application/x-amz-json-1.0', 'text/plain'],
    };
    expect(problemOf({ ...request, headersDistinct: twice })).toBe('mismatch');
  });

  test('a request without a date', () => {
    expect(problemOf(withHeaders('STS', { 'x-amz-date': undefined }))).toBe('incomplete');
  });

  test('an S3 request without the hash of its body', () => {
    expect(problemOf(withHeaders('S3 ListObjectsV2', { 'x-amz-content-sha256': undefined }))).toBe(
      'no-payload-hash',
    );
  });

  /** A POST of `{}` that was signed by hand. */
  function signedPost(
    scope: { readonly region: string; readonly service: string },
    payloadHash: string,
    listed: (names: readonly string[]) => readonly string[] = (names) => names,
  ) {
    const signedAt = '20260301T093000Z';
    const dated = { day: '20260301', ...scope };
    const key = deriveSigningKey('secret', dated);
    const headers = { host: 'a', 'x-amz-content-sha256': payloadHash, 'x-amz-date': signedAt };
    const headersDistinct = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    );
    const unsigned = { method: 'POST', path: '/', headersDistinct };
    const signedHeaders = listed(Object.keys(headers));
    const signature = signatureOf(unsigned, { signedHeaders, payloadHash, signedAt, scope: dated }, key);
    const credential = `KEY/20260301/${scope.region}/${scope.service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
    const request = { ...unsigned, headers: { ...headers, authorization }, body: Buffer.from('{}') };
    const signer = { signingKey: () => key, now: () => Date.UTC(2026, 2, 1, 9, 30) };
    return checkSignature(request, { region: 'eu-west-1', signerOf: () => signer });
  }
  const hash = sha256(Buffer.from('{}'));

  test('an unsigned body, anywhere but in S3', () => {
    const scope = { region: 'eu-west-1', service: 'firehose' };
    expect(signedPost(scope, hash)).toMatchObject({ ok: true });
    expect(signedPost(scope, 'UNSIGNED-PAYLOAD')).toMatchObject({ problem: 'mismatch' });
    expect(signedPost({ ...scope, service: 's3' }, 'UNSIGNED-PAYLOAD')).toMatchObject({ ok: true });
  });

  test.each<[string, (names: readonly string[]) => readonly string[]]>([
    ['out of order', (names) => names.toReversed()],
    ['twice', (names) => [...names, names.at(-1)!]],
    ['without that it was sent', (names) => [...names, 'x-other']],
  ])('a header that was signed %s, though the signature is over just that', (_, listed) => {
    for (const service of ['firehose', 's3'])
      expect(signedPost({ region: 'eu-west-1', service }, hash, listed)).toMatchObject({
        problem: 'mismatch',
      });
  });

  test('another region, which for IAM is any but us-east-1', () => {
    const inVirginia = { region: 'us-east-1', service: 'iam' };
    expect(signedPost(inVirginia, hash)).toMatchObject({ ok: true });
    expect(signedPost({ ...inVirginia, region: 'eu-west-1' }, hash)).toMatchObject({ problem: 'scope' });
    expect(signedPost({ ...inVirginia, service: 'kms' }, hash)).toMatchObject({ problem: 'scope' });
  });

  test.each([
    ['Credential', 'IncompleteSignatureException'],
    ['SignedHeaders', 'IncompleteSignatureException'],
    ['Signature', 'IncompleteSignatureException'],
  ])('an Authorization header without %s', (parameter, code) => {
    const authorization = sent.get('DynamoDB')!.headers.authorization!;
    const without = authorization.replace(new RegExp(`${parameter}=[^,]+(, )?`), '');
    const request = withHeaders('DynamoDB', { authorization: without });

    expect(checkSignature(request, { region, signerOf: identities.signerOf })).toMatchObject({
      problem: 'incomplete',
      error: { code, message: `Authorization header requires '${parameter}' parameter.` },
    });
  });
});
