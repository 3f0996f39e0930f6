import type { CallPlan } from './call-plan.ts';
import { collectBatch } from './collect-operation.ts';
import { removed, texts, type WriteText } from './contract-answers.ts';
import { type EventType, eventTypes } from './event-types.ts';
import type { Request, Route } from './routes.ts';
import type { Reply, Stream } from './stream.ts';
import type { Switches } from './switches.ts';
import { replacedAt, type Tenant } from './tenant.ts';
import type { Tokens } from './tokens.ts';

export interface Api {
  readonly tenant: Tenant;
  readonly tokens: Tokens;
  readonly switches: Switches;
  readonly seed: number;
  readonly write: WriteText;
  readonly bytesOf: (stream: Stream, index: number) => Buffer;
}

export interface ApiCall {
  readonly route: Route;
  readonly request: Request;
  readonly plan: CallPlan;
  /** Its number in the log. */
  readonly number: number;
  readonly now: number;
}

/** Answers a call to the activities API as the contract says, checking in its order: 401, 410, 400, 406, 403, the rest. */
export function performActivityCall(api: Api, call: ApiCall): Reply {
  const { tenant, tokens, switches, write } = api;
  const { route, request, now } = call;
  const { query, headers } = request;
  if (!tokens.accepts(headers.authorization)) return write(401, texts.unauthorized);
  if (route.operation === 'removed' || (switches.has('410') && route.version === 'v1')) return removed();

  const type = eventTypes.find((known) => known === query.get('type'));
  if (type === undefined || !knowsAll(query, route.parameters)) return write(400, texts.badRequest);
  if (route.operation === 'start-collect') {
    if (request.body.length > 0) return write(400, texts.badRequest);
    return tenant.startCollect(type) ? write(200, texts.started(type)) : write(409, texts.alreadyExists);
  }
  if (route.operation === 'stop-collect') {
    if (request.body.length > 0) return write(400, texts.badRequest);
    if (!tenant.started.has(type)) return write(403, texts.notStarted);
    tenant.stopCollect(type, now);
    return write(200, texts.stopped(type));
  }
  const id = query.get('stream_id') ?? '';
  if (id === '' || /\s/.test(id)) return write(406, texts.streamIdRequired);
  if (route.operation === 'create-stream') return createStream(api, call, { type, id });
  if (!tenant.started.has(type)) return write(403, texts.notStarted);
  const stream = tenant.findStream(type, id);
  if (stream === undefined) return write(404, texts.streamNotFound);
  return route.operation === 'delete-stream' ? deleteStream(api, call, stream) : collect(api, call, stream);
}

function createStream(
  { tenant, switches, write }: Api,
  { request, now }: ApiCall,
  { type, id }: { readonly type: EventType; readonly id: string },
): Reply {
  const { query } = request;
  const retention = wholeNumber(query.get('retention') ?? '7', 31);
  const fromQuery = flag(query.get('enrichment') ?? 'false');
  const fromBody = enrichmentIn(request);
  const refused = retention === undefined || fromQuery === undefined || fromBody === undefined;
  if (refused || (switches.has('no-retention') && query.has('retention')))
    return write(400, texts.badRequest);
  if (!tenant.started.has(type)) return write(403, texts.notStarted);
  const retentionMs = (switches.has('one-day') ? 1 : retention) * 24 * 3600_000;
  switch (tenant.createStream({ type, id, enriched: fromQuery || fromBody, retentionMs, now })) {
    case 'created':
      return write(200, texts.created(id, type));
    case 'exists':
      return write(409, texts.alreadyExists);
    case 'over-quota':
      return write(429, texts.overQuota);
  }
}

function deleteStream({ tenant, write }: Api, { request, now }: ApiCall, stream: Stream): Reply {
  if (request.body.length > 0) return write(400, texts.badRequest);
  tenant.deleteStream(stream, now);
  return write(200, texts.deleted(stream.id, stream.type));
}

function collect(api: Api, { request, plan, number, now }: ApiCall, stream: Stream): Reply {
  // The default is not documented; the guide's own sample asks for 100. Out of range: 400 is assumed.
  const batchSize = wholeNumber(request.query.get('batch_size') ?? '100', 1000);
  const noBody = request.body.length === 0 || /^\s*\{\s*\}\s*$/.test(request.body.toString());
  if (batchSize === undefined || !noBody) return api.write(400, texts.badRequest);
  const emptyMs = (api.switches.get('empty-when-replaced') ?? 0) * 3600_000;
  const falselyEmpty = now < (replacedAt(api.tenant, stream) ?? Number.NEGATIVE_INFINITY) + emptyMs;
  return collectBatch({
    stream,
    topic: api.tenant.topics[stream.type],
    batchSize,
    plan: falselyEmpty ? { ...plan, empty: true } : plan,
    switches: api.switches,
    seed: api.seed,
    call: number,
    now,
    bytesOf: (index) => api.bytesOf(stream, index),
  });
}

/** Every parameter is one of the operation's, and none is given twice. */
function knowsAll(query: URLSearchParams, parameters: readonly string[]): boolean {
  const names = [...query.keys()];
  return names.every((name) => parameters.includes(name)) && new Set(names).size === names.length;
}

function wholeNumber(text: string, most: number): number | undefined {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= most ? value : undefined;
}

function flag(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

/** `{"enrichment": boolean}` as JSON, or no body; anything else is undefined. */
function enrichmentIn({ headers, body }: Request): boolean | undefined {
  if (body.length === 0) return false;
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return undefined;
  try {
    const value: unknown = JSON.parse(body.toString());
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const { enrichment = false, ...others } = value as Record<string, unknown>;
    return typeof enrichment === 'boolean' && Object.keys(others).length === 0 ? enrichment : undefined;
  } catch {
    return undefined;
  }
}
