import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { copyBatch } from '../../../functions/object-copier/copy.ts';
import type { ObjectSink } from '../../../functions/object-copier/ports.ts';
import { azureLogsSink } from '../../../functions/object-copier/sinks/azure-logs-sink.ts';
import { entraTokens } from '../../../functions/object-copier/sinks/entra-tokens.ts';
import { gcsSink } from '../../../functions/object-copier/sinks/gcs-sink.ts';
import { googleTokens } from '../../../functions/object-copier/sinks/google-tokens.ts';
import { credentials, type Script, startScripted, status } from '../mosaic/scripted-server.ts';
import { grantedToken } from '../planted.ts';
import {
  emptyAnswer,
  everyAnswer,
  expectNothingOf,
  type PlantedAnswer,
  sendPlanted,
} from '../planting-answers.ts';
import { neverAborted, recordedClock } from './patient.ts';

const before = { ...process.env };
const statuses = [200, 302, 400, 401, 403, 404, 412, 413, 429, 503];
/** The others Google's library tries again, or follows, in real time. */
const answeredAtOnce = [200, 400, 401, 403, 404];
const clock = recordedClock(() => Date.parse('2026-03-01T12:00:00Z'));
const granted = status(
  200,
  JSON.stringify({ access_token: grantedToken, expires_in: 3600, token_type: 'Bearer' }),
);
const sinks: Readonly<Record<string, (url: string) => ObjectSink>> = {
  gcs: (url) =>
    gcsSink(
      { url, bucket: 'events' },
      googleTokens({ stsUrl: url, audience: '//iam.googleapis.com/projects/1/providers/aws-relay' }),
      clock,
    ),
  azure: (url) =>
    azureLogsSink(
      { url, ruleId: `dcr-${'0'.repeat(32)}`, stream: 'Custom-MosaicEvents_CL' },
      entraTokens({ url, audience: 'monitor.azure.com' }, async () => ({ kind: 'secret', secret }), clock),
      clock,
    ),
};
const secret = {
  tenant_id: 'tenant',
  client_id: credentials.clientId,
  client_secret: credentials.clientSecret,
};

beforeEach(() => {
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'ASIACOPIER',
    AWS_SECRET_ACCESS_KEY: 'not-planted',
    AWS_SESSION_TOKEN: 'session',
    AWS_REGION: 'us-east-1',
  });
});
afterEach(() => {
  process.env = { ...before };
});

describe("no text planted in a receiver's answer gets into an outcome or a dead letter", () => {
  test.each([
    ['gcs', 'o', statuses, 8],
    ['gcs', 'token', answeredAtOnce, 30],
    ['azure', 'Custom-MosaicEvents_CL', statuses, 8],
    ['azure', 'token', statuses, 8],
  ])('of %s, where %s is answered so', async (kind, word, codes, oneIn) => {
    const now: { answer: PlantedAnswer; status: number } = { answer: emptyAnswer, status: 500 };
    const planted: Script = (response) => sendPlanted(response, now);
    const server = await startScripted({ token: granted, [word]: planted });
    const outcomes = new Set<string>();
    let calls = 0;
    for (const [plant, answer] of everyAnswer(oneIn)) {
      Object.assign(now, { answer, status: codes[calls++ % codes.length] });
      const deadLetters: unknown[] = [];
      const copied = await copyBatch([{ messageId: 'one', body: created }], {
        source: {
          get: async () => ({ kind: 'object', bytes: gzipSync('{"n":1}\n') }),
          markCopied: async () => undefined,
        },
        sink: sinks[kind]!(server.url),
        deadLetters: {
          async send(...letter) {
            deadLetters.push(letter);
            return { kind: 'kept' };
          },
        },
        clock,
        bucket: 'journal',
        signal: neverAborted,
      });
      outcomes.add(copied[0]!.objects[0]!.outcome.kind);
      expectNothingOf(plant, answer.how, [copied, deadLetters]);
    }
    expect(outcomes).toContain('refused');
    expect(outcomes).toContain('busy');
  });
});

describe('a refusal names what an operator needs', () => {
  test.each([
    [
      'GCS answered 403: forbidden, for which it names storage.objects.create. The message waits.',
      'gcs',
      {
        o: status(
          403,
          '{"error":{"message":"w@x.iam does not have storage.objects.create access","errors":[{"reason":"forbidden"}]}}',
        ),
      },
    ],
    ['GCS answered 400: no known reason. The message waits.', 'gcs', { o: status(400, '<html>') }],
    [
      "Google's token exchange failed: 400 (invalid_grant). The message waits.",
      'gcs',
      { token: status(400, '{"error":"invalid_grant","error_description":"account 1 is another"}') },
    ],
    [
      'The Logs Ingestion API answered 400 (InvalidStream). The message waits.',
      'azure',
      { 'Custom-MosaicEvents_CL': status(400, '{"error":{"code":"InvalidStream","message":"w@x"}}') },
    ],
    [
      'Entra answered 401 (invalid_client). The message waits.',
      'azure',
      { token: status(401, '{"error":"invalid_client","error_description":"for w@x"}') },
    ],
  ])('%s', async (message, kind, scripts) => {
    const server = await startScripted({ token: granted, ...scripts });
    const put = sinks[kind]!(server.url).put({ key: 'k', bytes: gzipSync('{"n":1}\n') }, neverAborted);
    expect(await put).toMatchObject({ kind: 'refused', message });
  });
});

const created = JSON.stringify({
  Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'journal' }, object: { key: 'k' } } }],
});
