/** A server that speaks OpenSearch's HTTP interface: the real one, or the simulated one with a signature. */
export interface SearchServer {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Writes documents into an index by `_bulk`. @returns for each, why it was refused; undefined where it is indexed */
export async function refusalsOf(
  server: SearchServer,
  index: string,
  documents: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const refusals: (string | undefined)[] = [];
  for (const part of partsOf(documents)) {
    const body = part.map((document) => `{"index":{}}\n${document}\n`).join('');
    const { items } = await ask(server, 'POST', `/${index}/_bulk`, body);
    for (const { index: item } of (items ?? []) as readonly BulkItem[])
      refusals.push(item.error === undefined ? undefined : `${item.error.type}: ${item.error.reason}`);
  }
  return refusals;
}

/** Counts the documents of an index that a query string finds. */
export async function countOf(server: SearchServer, index: string, query: string): Promise<number> {
  await ask(server, 'POST', `/${index}/_refresh`);
  const body = JSON.stringify({ query: { query_string: { query } } });
  return (await ask(server, 'POST', `/${index}/_count`, body)).count as number;
}

/** The documents of an index, as it keeps them; at most 10,000. */
export async function everySource(server: SearchServer, index: string): Promise<readonly object[]> {
  const { hits } = (await ask(server, 'GET', `/${index}/_search?size=10000`)) as {
    readonly hits: { readonly hits: readonly { readonly _source: object }[] };
  };
  return hits.hits.map(({ _source }) => _source);
}

/** @throws {Error} for an answer that is not a success */
export async function ask(
  { url, headers }: SearchServer,
  method: string,
  path: string,
  body?: string,
): Promise<Record<string, unknown>> {
  const type = path.endsWith('/_bulk') ? 'application/x-ndjson' : 'application/json';
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { ...headers, 'content-type': type },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
  return JSON.parse(text) as Record<string, unknown>;
}

interface BulkItem {
  readonly index: { readonly error?: { readonly type: string; readonly reason: string } };
}

/** Requests of a few MiB, as Firehose's buffers are: a heap of 512 MiB refuses much larger ones. */
function partsOf(documents: readonly string[]): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  let characters = 0;
  for (const document of documents) {
    if (characters > 4 * 1024 * 1024) {
      parts.push([]);
      characters = 0;
    }
    parts.at(-1)!.push(document);
    characters += document.length;
  }
  return parts;
}
