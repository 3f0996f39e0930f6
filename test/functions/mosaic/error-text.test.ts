import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeAnswer } from '../../../functions/mosaic/error-text.ts';

function told(
  body: string | Buffer,
  options: { status?: number; encoding?: string; end?: 'above-cap' } = {},
) {
  return describeAnswer('collect', {
    kind: 'answered',
    status: options.status ?? 400,
    headers: options.encoding === undefined ? {} : { 'content-encoding': options.encoding },
    body: Buffer.from(body),
    end: options.end ?? 'whole',
    release: () => undefined,
  });
}

const message = (text: unknown, more: object = {}) => told(JSON.stringify({ message: text, ...more }));

describe('a text that the guide documents is shown in our own spelling', () => {
  test.each([
    [400, 'Bad request'],
    [401, 'Unauthorized'],
    [403, 'Cannot handle request without performing start collect action first.'],
    [404, 'Stream not found.'],
    [406, 'stream_id parameter is required and must be a continuous non-empty string.'],
    [409, 'Resource already exists in the project'],
    [409, 'Already exists'],
    [410, 'This endpoint has been removed. Please update your integration.'],
    [429, 'Tenant has reached the maximum number of event streams.'],
    [500, 'Internal server error'],
    [500, 'Something went wrong - Internal server error'],
  ])('%i %s', (status, text) => {
    const shown = `collect answered ${status}: ${text.replace(/\.$/, '')}`;
    expect(told(text, { status })).toBe(shown);
    expect(told(` ${text.toUpperCase()}\n`, { status })).toBe(shown);
    expect(told(JSON.stringify({ message: text }), { status })).toBe(shown);
    expect(told(gzipSync(JSON.stringify({ message: text })), { status, encoding: 'gzip' })).toBe(shown);
  });
});

describe('a message that it does not document', () => {
  test('is shown where all of its words are listed', () => {
    expect(message('The request has expired, please try again later.')).toBe(
      'collect answered 400: The request has expired, please try again later',
    );
  });

  test.each([
    'User Wilhelmina not found',
    'Invalid value 4111111111111111',
    'stream dHJlYXN1cmU not found',
    'Cannot POST /activities/v1',
    'An To',
    'User An To not found',
    'not\u2060found',
    'ｎｏｔ ｆｏｕｎｄ',
  ])('is told by its length where one is not: %s', (text) => {
    expect(message(text)).toBe(`collect answered 400 with a message of ${text.length} characters`);
  });

  test.each(['To be', 'No an', 'an'])(
    'is told by its length where all of its words are particles: %s',
    (text) => {
      expect(message(text)).toBe(`collect answered 400 with a message of ${text.length} characters`);
    },
  );

  test('is shown with a particle at the beginning of each of its sentences', () => {
    expect(message('The stream is gone. No request is allowed.')).toBe(
      'collect answered 400: The stream is gone. No request is allowed',
    );
  });

  test('is told by its length above 200 characters', () => {
    expect(message('invalid '.repeat(25).trim())).toMatch(/answered 400: (invalid ?){25}$/);
    expect(message('invalid '.repeat(26))).toBe('collect answered 400 with a message of 208 characters');
  });

  test('that is an array is shown whole or not at all', () => {
    expect(message(['Bad request', 'type is required'])).toBe(
      'collect answered 400: Bad request; type is required',
    );
    expect(message(['Bad request', 'Wilhelmina'])).toBe(
      'collect answered 400 with a message of 21 characters',
    );
  });
});

describe('codes', () => {
  test.each([
    [{ error_code: 400 }, ' (error_code 400)'],
    [{ statusCode: 404, error: 'Not Found' }, ' (statusCode 404, error Not Found)'],
    [{ error: 'invalid_client', error_description: 'Wilhelmina' }, ' (error invalid_client)'],
    [{ error: 'unsupported_grant_type' }, ' (error unsupported_grant_type)'],
    [{ code: 'RESOURCE_ALREADY_EXISTS' }, ' (code RESOURCE_ALREADY_EXISTS)'],
    [{ error_code: 4915123456789 }, ''],
    [{ error_code: 123 }, ''],
    [{ error_code: 400.5 }, ''],
    [{ error_code: '400' }, ''],
    [{ code: 482, error: 483, errorCode: 484 }, ''],
    [{ error: 'An To', code: 'an-to' }, ''],
    [{ error: 'woyelaran' }, ''],
    [{ error: 'invalid_oyelaran' }, ''],
    [{ status: 'Oyelaran', code: { error_code: 400 } }, ''],
  ])('of %j are told as "%s"', (members, named) => {
    expect(message('Bad request', members)).toBe(`collect answered 400: Bad request${named}`);
  });

  test('that would make more than 200 characters of a body are left out', () => {
    const text = 'invalid '.repeat(24).trim();
    expect(message(text, { error: 'invalid_client' })).toBe(`collect answered 400: ${text}`);
  });
});

describe('everything else is told by its kind and length', () => {
  test.each([
    ['', ''],
    ['<!DOCTYPE html><p>Wilhelmina', ' with a page of 28 bytes'],
    ['Wilhelmina was here', ' with a text of 19 bytes'],
    ['{"error":{"message":"Bad request"}}', ' with JSON of 35 bytes and no message'],
    ['[{"message":"Bad request"}]', ' with JSON of 27 bytes and no message'],
    ['{"message":[]}', ' with JSON of 14 bytes and no message'],
    ['{"message":["Bad request",1]}', ' with JSON of 29 bytes and no message'],
  ])('%s', (body, said) => {
    expect(told(body)).toBe(`collect answered 400${said}`);
  });

  test('a body that does not decompress', () => {
    expect(told('Wilhelmina', { encoding: 'br' })).toBe(
      'collect answered 400 with 10 bytes that do not decompress',
    );
  });

  test('a body of which only the beginning was read', () => {
    expect(told(`{"message":"${'x'.repeat(50)}`, { end: 'above-cap' })).toBe(
      'collect answered 400 with a text of at least 62 bytes',
    );
  });
});

test('whatever JSON a body is, 200 characters of it are shown at most, and no word that is not listed', () => {
  const listed = ['Bad request', 'invalid', 'not found', 'invalid_grant'];
  const value = fc.oneof(fc.constantFrom(...listed), fc.array(fc.constantFrom(...listed)), fc.jsonValue());
  const body = fc.dictionary(fc.constantFrom('message', 'error', 'error_code', 'code', 'other'), value);
  fc.assert(
    fc.property(body, (members) => {
      const marked = JSON.stringify(members, (_, each) =>
        typeof each === 'string' && !listed.includes(each) ? `${each}zq` : each,
      );
      const shown = told(marked).slice('collect answered 400'.length);
      expect(shown.length).toBeLessThanOrEqual(200 + ': '.length);
      expect(shown).not.toContain('zq');
    }),
    { numRuns: 1_000 },
  );
});
