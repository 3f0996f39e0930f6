import { afterEach, describe, expect, test } from 'vitest';
import { type OpenSearch, type OpenSearchOptions, startOpenSearch } from '../opensearch-bulk.ts';

let search: OpenSearch;

afterEach(() => search.close());

async function start(options: Partial<OpenSearchOptions> = {}): Promise<void> {
  search = await startOpenSearch({
    clock: { now: () => 0 },
    kind: 'managed',
    mayWrite: (accessKeyId) => accessKeyId === 'ASIAFIREHOSE',
    ...options,
  });
}

interface Changes {
  readonly service?: string;
  readonly accessKeyId?: string;
  readonly headers?: Record<string, string>;
  readonly path?: string;
}

async function bulk(
  lines: readonly string[],
  { service = 'es', accessKeyId = 'ASIAFIREHOSE', headers, path = '/_bulk' }: Changes = {},
) {
  const scope = `20260301/us-east-1/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=host, Signature=00`;
  const response = await fetch(`${search.url}${path}`, {
    method: 'POST',
    body: lines.join('\n'),
    headers: { authorization, 'content-type': 'application/x-ndjson', ...headers },
  });
  return {
    status: response.status,
    body: (await response.json()) as { errors?: boolean; items?: Record<string, { status: number }>[] },
  };
}

const action = (id: string, operation = 'index') =>
  JSON.stringify({ [operation]: { _index: 'mosaic-cis-2026-03', _id: id } });

describe('the _bulk endpoint', () => {
  test('documents are kept as they came, one for each id', async () => {
    await start();
    const document = '{"n":1.50,"big":1234567890123456789}';
    const { body } = await bulk([action('a'), document, action('b'), document, action('a'), document, '']);
    expect(body).toMatchObject({
      errors: false,
      items: [{ index: { status: 201 } }, { index: { status: 201 } }, { index: { status: 200 } }],
    });
    const lines: string[] = [];
    await search.eachLine((line) => lines.push(line.toString()));
    expect(lines).toEqual([document, document]);
  });

  test('a document that cannot be taken fails alone', async () => {
    await start({ indexes: /^mosaic-/ });
    search.faults.failDocument = (document) =>
      document.includes('slow') ? { status: 429, type: 'rejected' } : undefined;
    const other = '{"index":{"_index":"other","_id":"x"}}';
    const lines = [
      action('a'),
      '{}',
      action('b'),
      '{"a":1}{"a":2}',
      action('c'),
      '"quick"',
      action('d'),
      '{"slow":1}',
    ];
    const { body } = await bulk([...lines, other, '{}', action('a', 'create'), '{}', '']);
    const statuses = body.items?.map((item) => Object.values(item)[0]!.status);
    expect(statuses).toEqual([201, 400, 400, 429, 403, 409]);
    expect([...search.documents()].map(({ id }) => id)).toEqual(['a']);
  });

  test.each<[string, readonly string[]]>([
    ['no newline at the end', [action('a'), '{}']],
    ['an action without a document', [action('a'), '']],
    ['an unknown action', ['{"upsert":{"_index":"i"}}', '{}', '']],
    ['an action without an index', ['{"index":{}}', '{}', '']],
    ['an upper-case index', ['{"index":{"_index":"Mosaic"}}', '{}', '']],
    ['an unknown parameter', ['{"index":{"_index":"i","_type":"doc"}}', '{}', '']],
    ['a body that is no NDJSON', ['[', '{}', '']],
  ])('%s fails the whole body', async (_, lines) => {
    await start();
    expect((await bulk(lines)).status).toBe(400);
    expect([...search.documents()]).toEqual([]);
  });

  test('the index may stand in the path', async () => {
    await start();
    expect((await bulk(['{"index":{}}', '{}', ''], { path: '/mosaic/_bulk' })).body.errors).toBe(false);
  });

  test('who is not signed, or may not write, is refused', async () => {
    await start();
    expect((await bulk([action('a'), '{}', ''], { accessKeyId: 'ASIAOTHER' })).status).toBe(403);
    expect((await bulk([action('a'), '{}', ''], { service: 'aoss' })).status).toBe(403);
  });

  test('a serverless collection wants its own service and the hash of the body', async () => {
    await start({ kind: 'serverless' });
    expect((await bulk([action('a'), '{}', ''], { service: 'aoss' })).status).toBe(403);
    const headers = { 'x-amz-content-sha256': 'e3b0' };
    expect((await bulk([action('a'), '{}', ''], { service: 'aoss', headers })).status).toBe(200);
  });

  const refused = async (documents: readonly string[]) => {
    const lines = documents.flatMap((document, index) => [action(String(index)), document]);
    const { body } = await bulk([...lines, '']);
    return body.items?.map((item) => Object.values(item)[0]!.status === 400);
  };

  test('the first value of a member gives it its type, and a later one that does not fit is refused', async () => {
    await start();
    expect(
      await refused([
        '{"email":"a@example.com","n":1,"at":"2026-03-01T00:00:00.000Z","on":true,"o":{"a":1}}',
        '{"email":{"prev":"a","current":"b"}}',
        '{"email":17,"n":"12","on":"false","at":1772366400000}',
        '{"n":"twelve"}',
        '{"at":"yesterday"}',
        '{"on":"maybe"}',
        '{"o":"text"}',
        '{"o.a":{"b":1}}',
        '{"o":[{"a":2},{"a":"x"}]}',
        '{"fresh":1e400}',
        '{"fresh":"text"}',
      ]),
    ).toEqual([false, true, false, true, true, true, true, true, true, true, false]);
  });

  test.each([
    ['a name twice', '{"a":1,"a":2}'],
    ['an empty name', '{"":1}'],
    ['a dot', '{"a":{".":1}}'],
    ['an empty part between dots', '{"a..b":1}'],
    ['a number of 1,001 characters', `{"n":${'1'.repeat(1_001)}}`],
    ['nesting of 21', `${'{"a":'.repeat(21)}1${'}'.repeat(21)}`],
    ['21 lists within lists', `{"n":${'['.repeat(21)}1${']'.repeat(21)}}`],
    ['a dot at the beginning of a name', '{".a":1}'],
    ['a part of a name that Java takes for white space', '{"a.\\u001f.b":1}'],
    ['_id', '{"_id":1}'],
    ['_doc_count that is no count', '{"_doc_count":0}'],
    ['_source', '{"_source":{}}'],
    ['a dotted name below _id', '{"_id.a":1}'],
  ])('%s is refused', async (_, document) => {
    await start();
    expect(await refused([document, '{"a":{"b":1}}'])).toEqual([true, false]);
  });

  test.each([
    ['a name of white space', '{" ":1}'],
    ['a dot at the end of a name', '{"b.":1}'],
    ['20 lists within lists', `{"n":${'['.repeat(20)}1${']'.repeat(20)}}`],
    ['_type', '{"_type":"x"}'],
    ['_doc_count', '{"_doc_count":1}'],
  ])('%s is indexed', async (_, document) => {
    await start();
    expect(await refused([document])).toEqual([false]);
  });

  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

  test('an index template gives types before the first document, and ignores what has none', async () => {
    await start();
    search.putTemplate('t', {
      index_patterns: ['mosaic-*'],
      template: {
        settings: { 'index.mapping.ignore_malformed': true },
        mappings: {
          dynamic: false,
          properties: { ip: { type: 'ip' }, params: { type: 'flat_object' }, user: { type: 'keyword' } },
        },
      },
    });
    expect(
      await refused([
        '{"x":1,"ip":"no address","params":{"email":"a"}}',
        '{"x":{"y":1},"params":{"email":{"prev":"a"}}}',
        '{"user":{"":1,"a..b":[{".":1}]}}',
        '{"params":"text"}',
        '{"params":{"":1,"a..b":{".":1}},"x":{"":1}}',
        `{"x":{"y":${nested(50)}},"params":${nested(99)}}`,
        '{"_id":1,"_source":{"a":1},"ip":{"a":1}}',
        '{"_id.a":1}',
        '{"user.a":1}',
        '{"user":{"a":1,"a":2}}',
        `{"x":{"y":${'1'.repeat(1_001)}}}`,
        `{"params":${nested(100)}}`,
        `{"params":{"a":"${'x'.repeat(32_766 - 'params.params.a='.length)}"}}`,
        `{"params":{"a":"${'x'.repeat(32_767 - 'params.params.a='.length)}"}}`,
        '{"params":{"a":1,"a":2}}',
      ]),
    ).toEqual([
      ...[false, false, false, false, false, false, false],
      ...[true, true, true, true, true, false, true, true],
    ]);
  });

  test('a template with a type or a setting that the receiver does not know is refused', async () => {
    await start();
    const put = (template: object) => search.putTemplate('t', { index_patterns: ['a'], ...template });
    expect(() => put({ template: { mappings: { properties: { a: { type: 'vector' } } } } })).toThrow(
      'vector',
    );
    expect(() => put({ data_stream: {} })).toThrow('data_stream');
  });

  test('a template is read back as it was put', async () => {
    await start();
    const scope = '20260301/us-east-1/es/aws4_request';
    const headers = {
      authorization: `AWS4-HMAC-SHA256 Credential=ASIAFIREHOSE/${scope}, SignedHeaders=host, Signature=00`,
    };
    const url = `${search.url}/_index_template/t`;
    const body = JSON.stringify({ index_patterns: ['a'], version: 3 });
    expect((await fetch(url, { headers })).status).toBe(404);
    expect((await fetch(url, { headers, method: 'PUT', body })).status).toBe(200);
    expect(await (await fetch(url, { headers })).json()).toEqual({
      index_templates: [{ name: 't', index_template: JSON.parse(body) }],
    });
    expect((await fetch(url)).status).toBe(403);
  });
});
