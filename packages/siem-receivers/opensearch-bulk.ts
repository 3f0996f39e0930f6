// A stand-in for Amazon OpenSearch Service and Serverless: the _bulk endpoint and index templates, written here after
// "Bulk" and "Index templates" of the OpenSearch API reference and "Supported operations" of the Serverless developer
// guide. It refuses documents as OpenSearch 2.19.6 was seen to: the first value of a member gives it its type, and names,
// numbers and nesting have limits. A flat object deeper than 100, from which 2.19.6 recovers no more at 999, is refused.
// Analysers, searches and cluster settings are unknown to it.
import { type Action, readBulk } from './bulk-body.ts';
import { type Faults, noFaults } from './faults.ts';
import { type Answer, type Call, startLoopbackServer } from './loopback-server.ts';
import { indexDocument } from './opensearch-document.ts';
import { dynamicMapping, type IndexMapping, type IndexTemplate, readTemplate } from './opensearch-mapping.ts';
import type { Receiver, ReceiverClock } from './receiver.ts';

export interface OpenSearchOptions {
  readonly clock: ReceiverClock;
  /** `managed` signs for `es`, `serverless` for `aoss`, which also wants the hash of the body in a header. */
  readonly kind: 'managed' | 'serverless';
  /** Which indexes may be written to; all by default. */
  readonly indexes?: RegExp;
  /** True if the role of an access key may write, by the domain's access policy or the data access policy. */
  readonly mayWrite: (accessKeyId: string) => boolean;
  /** Of a request's body; 100 MiB by default, as large domains have it (10 MiB on small ones and Serverless). */
  readonly maxBodyBytes?: number;
}

export interface OpenSearchFaults extends Faults {
  /** Fails single documents: the status and type of their item, or undefined to take it. */
  failDocument: ((document: Buffer, index: string) => DocumentFailure | undefined) | undefined;
}

export interface DocumentFailure {
  readonly status: number;
  readonly type: string;
  readonly reason?: string;
}

export interface IndexedDocument {
  readonly index: string;
  readonly id: string;
  readonly version: number;
  readonly bytes: Buffer;
}

export interface OpenSearch extends Receiver {
  readonly faults: OpenSearchFaults;
  /**
   * Puts an index template, as `PUT /_index_template/<name>` does.
   *
   * @throws {Error} for what this receiver does not know of templates
   */
  putTemplate(name: string, body: unknown): void;
  /** By index and id: a document that is written again under its id stands once. */
  documents(): Iterable<IndexedDocument>;
}

/** Starts the receiver, without any index template. */
export async function startOpenSearch(options: OpenSearchOptions): Promise<OpenSearch> {
  const { clock, kind, indexes = /./, maxBodyBytes = 100 * 1024 * 1024 } = options;
  const faults: OpenSearchFaults = { ...noFaults(), failDocument: undefined };
  const documents = new Map<string, IndexedDocument>();
  const templates = new Map<string, { readonly body: unknown; readonly template: IndexTemplate }>();
  const mappings = new Map<string, IndexMapping>();
  let generated = 0;

  const server = await startLoopbackServer({
    handle,
    faults,
    clock,
    refuse: ({ status }) => searchError(status, 'switched_on_exception', 'Switched on.'),
  });
  return {
    url: server.url,
    faults,
    refusals: server.refusals,
    putTemplate,
    documents: () => documents.values(),
    async eachLine(visit) {
      for (const { bytes } of documents.values()) visit(bytes);
    },
    close: server.close,
  };

  function handle(call: Call): Answer {
    const template = /^\/_index_template\/([a-z0-9_-]+)$/.exec(call.path);
    if (template !== null) return authorize(call) ?? answerTemplate(call, template[1]!);
    const path = /^(?:\/([^/_][^/]*))?\/_bulk$/.exec(call.path);
    if (path === null || (call.method !== 'POST' && call.method !== 'PUT')) {
      return searchError(
        400,
        'illegal_argument_exception',
        `this stand-in does not know ${call.method} ${call.path}`,
      );
    }
    const denied = authorize(call);
    if (denied !== undefined) return denied;
    if (!/^application\/(json|x-ndjson)\b/.test(call.headers['content-type'] ?? '')) {
      return searchError(
        406,
        'content_type_header_exception',
        `Content-Type ${call.headers['content-type']}`,
      );
    }
    if (call.body.length > maxBodyBytes)
      return searchError(413, 'content_too_large', `${call.body.length} bytes`);
    const actions = readBulk(call.body, path[1]);
    if (typeof actions === 'string') return searchError(400, 'illegal_argument_exception', actions);

    const items = actions.map((action) => ({ [action.operation]: write(action) }));
    const errors = items.some((item) => Object.values(item)[0]!.status >= 300);
    return json({ took: 1, errors, items });
  }

  function answerTemplate({ method, body }: Call, name: string): Answer {
    if (method === 'PUT') {
      try {
        const written: unknown = JSON.parse(body.toString());
        putTemplate(name, written);
      } catch (error) {
        return searchError(400, 'illegal_argument_exception', (error as Error).message);
      }
      return json({ acknowledged: true });
    }
    const kept = templates.get(name);
    if (method !== 'GET' || kept === undefined)
      return searchError(404, 'resource_not_found_exception', `index template matching [${name}] not found`);
    return json({ index_templates: [{ name, index_template: kept.body }] });
  }

  function putTemplate(name: string, body: unknown): void {
    templates.set(name, { body, template: readTemplate(body) });
  }

  /** An index is made by its first document, after the template of the highest priority. */
  function mappingOf(index: string): IndexMapping {
    const known = mappings.get(index);
    if (known !== undefined) return known;
    const [first] = [...templates.values()]
      .map(({ template }) => template)
      .filter(({ patterns }) => patterns.some((pattern) => pattern.test(index)))
      .sort((a, b) => b.priority - a.priority);
    const mapping = first?.mapping() ?? dynamicMapping();
    mappings.set(index, mapping);
    return mapping;
  }

  function authorize({ headers }: Call): Answer | undefined {
    const service = kind === 'managed' ? 'es' : 'aoss';
    const signed = new RegExp(
      `^AWS4-HMAC-SHA256 Credential=([A-Z0-9]+)/\\d{8}/[a-z0-9-]+/${service}/aws4_request,`,
    );
    const accessKeyId = signed.exec(headers.authorization ?? '')?.[1];
    if (accessKeyId === undefined) return forbidden(`the request is not signed for ${service}`);
    if (kind === 'serverless' && headers['x-amz-content-sha256'] === undefined) {
      return forbidden('there is no x-amz-content-sha256');
    }
    return options.mayWrite(accessKeyId) ? undefined : forbidden('the role may not write');
  }

  function write(action: Action): Item {
    const { operation, index, document } = action;
    if (action.id === undefined) generated += 1;
    const id = action.id ?? `generated-${generated}`;
    const failure = failureOf(action);
    if (failure !== undefined) {
      const { status, type, reason = 'refused' } = failure;
      return { _index: index, _id: id, status, error: { type, reason } };
    }
    const key = `${index}\n${id}`;
    const present = documents.get(key);
    if (present !== undefined && operation === 'create') {
      const error = { type: 'version_conflict_engine_exception', reason: `[${id}]: version conflict` };
      return { _index: index, _id: id, status: 409, error };
    }
    const version = (present?.version ?? 0) + 1;
    documents.set(key, { index, id, version, bytes: document });
    const result = present === undefined ? 'created' : 'updated';
    return { _index: index, _id: id, _version: version, result, status: present === undefined ? 201 : 200 };
  }

  function failureOf({ index, document }: Action): DocumentFailure | undefined {
    if (!indexes.test(index)) return { status: 403, type: 'security_exception' };
    const failure = faults.failDocument?.(document, index);
    if (failure !== undefined) return failure;
    const reason = indexDocument(document, mappingOf(index));
    return reason === undefined ? undefined : { status: 400, type: 'mapper_parsing_exception', reason };
  }
}

interface Item {
  readonly _index: string;
  readonly _id: string;
  readonly _version?: number;
  readonly status: number;
  readonly result?: 'created' | 'updated';
  readonly error?: { readonly type: string; readonly reason: string };
}

function json(body: unknown): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify(body),
  };
}

function searchError(status: number, type: string, reason: string): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify({ error: { root_cause: [{ type, reason }], type, reason }, status }),
    refusal: `${type}: ${reason}`,
  };
}

function forbidden(reason: string): Answer {
  return {
    status: 403,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Message: `User is not authorized: ${reason}` }),
    refusal: reason,
  };
}
