// Reads from a stand-in for "Objects: list" and "Objects: get" of Google Cloud Storage's JSON API, written here after
// its reference; one object a page.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { verifyStream } from '../../../cli/evidence/verify.ts';
import { replay } from '../../../cli/replay/replay.ts';
import { localRunFolder, runRelay } from '../run-relay.ts';
import { collectedAt, copierVariables, events, type SmallRelay, startSmallRelay } from '../small-relay.ts';

let small: SmallRelay;
let server: Server;
const objects = new Map<string, Buffer>();

beforeEach(async () => {
  objects.clear();
  server = createServer((request, response) => {
    const answer = answerTo(new URL(request.url ?? '/', 'http://gcs'), request.headers.authorization);
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  small = await startSmallRelay({
    functions(aws, bucket) {
      const dead = aws.sqs.createQueue(`${bucket}-dead`);
      const environment = { ...copierVariables(bucket, dead.url), GCS_URL: url };
      return [{ name: 'copier', queueArns: [dead.arn], memoryMb: 1_024, environment }];
    },
  });
  vi.stubEnv('CLOUDSDK_AUTH_ACCESS_TOKEN', 'token-1');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await Promise.all([small.close(), new Promise((resolve) => server.close(resolve))]);
});

const range = { from: collectedAt - 1_000, to: collectedAt + 1_000 };

test('a copy in Google Cloud Storage is compared, not the one that is on its way in S3', async () => {
  const { relay, stream } = small;
  await small.collect([events(0, 4)]);
  await replay({ relay, stream, sources: ['journal'], rate: Number.POSITIVE_INFINITY });
  await small.settle();
  const before = await verifyStream(relay, stream, { range });

  for (const key of await small.keys('delivered/'))
    objects.set(key, gzipSync((await small.bucket.get(key)).body));
  const [copy] = objects.values();
  objects.set('delivered/cis/s3/type=cis/dt=2026-03-01/hr=09/another-stream-1', copy!);
  const after = await verifyStream(relay, stream, { range });

  expect(before.destinations).toEqual([expect.objectContaining({ held: 0, unknown: 4 })]);
  expect(after.destinations).toEqual([
    expect.objectContaining({
      place: 'gs://archive/delivered/cis/s3/type=cis/dt=',
      held: 4,
      missing: 0,
      duplicates: 0,
    }),
  ]);
});

test('a token that may not read is reported with the missing permissions, and no event counts as missing', async () => {
  vi.stubEnv('CLOUDSDK_AUTH_ACCESS_TOKEN', 'token-2');

  const { destinations, notReadable } = await verifyStream(small.relay, small.stream, { range });

  expect(destinations).toEqual([]);
  expect(notReadable).toEqual([
    { name: 'siem' },
    {
      name: 's3',
      reason: expect.stringMatching(
        /gs:\/\/archive .* answers 403; storage.objects.list and .*get are needed/,
      ),
    },
  ]);
});

test('nor is it by the command, whose exit code says that there is no evidence', async () => {
  vi.stubEnv('CLOUDSDK_AUTH_ACCESS_TOKEN', 'token-2');
  const folder = await localRunFolder(small.local);

  const { code, out } = await runRelay([
    ...['verify', '--local', '--out', folder.path],
    ...['--from', '-6h', '--to', 'now', '--json'],
  ]);

  await folder.remove();
  expect({ code, complete: JSON.parse(out).complete }).toEqual({ code: 1, complete: false });
});

function answerTo(url: URL, authorization: string | undefined): { status: number; body: string | Buffer } {
  if (authorization !== 'Bearer token-1') return { status: 403, body: '{}' };
  const [, name] = /^\/storage\/v1\/b\/archive\/o(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
  if (name !== undefined && url.searchParams.get('alt') === 'media') {
    const body = objects.get(decodeURIComponent(name));
    return body === undefined ? { status: 404, body: '{}' } : { status: 200, body };
  }
  const prefix = url.searchParams.get('prefix') ?? '';
  const names = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  const page = Number(url.searchParams.get('pageToken') ?? 0);
  const items = names.slice(page, page + 1).map((each) => ({ name: each }));
  const next = page + 1 < names.length ? { nextPageToken: String(page + 1) } : {};
  return { status: 200, body: JSON.stringify({ items, ...next }) };
}
