import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallInfo, CallRecord } from './call-log.ts';
import type { CallPlan, Failure, LostAnswer, Planner } from './call-plan.ts';
import { jsonReply } from './contract-answers.ts';
import { eventTypes } from './event-types.ts';
import type { KeepWaiting } from './keep-waiting.ts';
import { type Api, performActivityCall } from './operations.ts';
import { findRoute, type Request, type Route } from './routes.ts';
import { fail, sendReply } from './send-reply.ts';
import type { SimulatorClock } from './simulator-clock.ts';
import type { Reply } from './stream.ts';
import { giveBack } from './tenant.ts';
import { grantToken } from './token-operation.ts';

/** Plans a call; undefined leaves the plan to the switches. A promise holds the call back. */
export type Interfere = (call: CallInfo) => CallPlan | undefined | Promise<CallPlan | undefined>;

export interface Answering {
  readonly api: Api;
  readonly clock: Pick<SimulatorClock, 'now'>;
  readonly calls: CallRecord[];
  readonly planner: Planner;
  readonly interfere: Interfere | undefined;
  /** Milliseconds that every call takes. */
  readonly latencyMs: number;
  readonly client: () => { readonly clientId: string; readonly clientSecret: string };
  readonly waiting: KeepWaiting;
}

/** The life of one call: logged, planned, perhaps failed, performed, perhaps failed again, answered. */
export function answerCall(at: Answering) {
  const { api, planner, waiting } = at;
  return async (incoming: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> => {
    const request = toRequest(incoming, body);
    const versions = api.switches.has('v2') ? ['v1', 'v2'] : ['v1'];
    const route = findRoute(request.method, request.path, versions);
    const record = toRecord(request, route, { number: at.calls.length + 1, at: at.clock.now() });
    at.calls.push(record);

    const { operation } = record;
    const drawn =
      operation === 'collect' || operation === 'token'
        ? planner.next(operation, operation === 'token' ? 'token' : `${record.type}/${record.streamId}`)
        : {};
    const plan: CallPlan = { ...drawn, ...(await at.interfere?.(record)) };
    await waiting.pause(response, at.latencyMs + (plan.delayMs ?? 0));
    if (plan.before) return failCall(at, { response, record }, plan.before);
    if (plan.revoke) api.tokens.revoke(request.headers.authorization);

    const reply = perform(at, { request, route, plan, record });
    record.events = reply.events ?? 0;
    const empty = operation === 'collect' && reply.events === 0;
    if (empty && api.switches.has('wait-then-empty')) await waiting.pause(response, 300);
    const events = api.switches.get('slow-by-size');
    const slow = plan.slowBySize ?? (events && { events, cause: 'slow-by-size' });
    const lost = plan.after ?? (slow && tooSlow(reply, slow));
    if (lost) {
      tellLost(reply, lost);
      return failCall(at, { response, record }, lost);
    }
    record.outcome = reply.status;
    const accepts = String(request.headers['accept-encoding'] ?? '');
    const arrived = await sendReply(response, reply, { plan, switches: api.switches, accepts });
    if (!arrived) tellLost(reply, { cause: plan.cutOff ? 'cut-off' : 'caller-gone' });
  };
}

function toRequest(incoming: IncomingMessage, body: Buffer): Request {
  const url = new URL(incoming.url ?? '/', 'http://mosaic');
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body,
  };
}

function toRecord(
  { method, path, query }: Request,
  route: Route | 404 | 405,
  came: { readonly number: number; readonly at: number },
): CallRecord {
  return {
    ...came,
    operation: typeof route === 'number' ? undefined : route.operation,
    method,
    path,
    type: eventTypes.find((type) => type === query.get('type')),
    streamId: query.get('stream_id') ?? undefined,
    outcome: undefined,
    events: 0,
  };
}

function perform(
  at: Answering,
  call: {
    readonly request: Request;
    readonly route: Route | 404 | 405;
    readonly plan: CallPlan;
    readonly record: CallRecord;
  },
): Reply {
  const { request, route, plan, record } = call;
  if (route === 404) return jsonReply(404, { message: `Cannot ${request.method} ${request.path}` });
  if (route === 405) return jsonReply(405, { message: `Cannot ${request.method} ${request.path}` });
  if (route.operation !== 'token') {
    return performActivityCall(at.api, { route, request, plan, number: record.number, now: at.clock.now() });
  }
  const { tokens, switches } = at.api;
  return grantToken(request, { tokens, switches, ...at.client(), hugeToken: plan.hugeToken === true });
}

async function failCall(
  { waiting }: Answering,
  { response, record }: { readonly response: ServerResponse; readonly record: CallRecord },
  failure: Failure,
): Promise<void> {
  record.outcome = failure.kind === 'status' ? failure.status : failure.kind;
  record.events = 0;
  if (failure.kind === 'silence') await waiting.during(response, () => fail(response, failure));
  else await fail(response, failure);
}

/** Drops a large answer, as if it took longer than any caller waits. */
function tooSlow({ events = 0 }: Reply, slow: NonNullable<CallPlan['slowBySize']>): LostAnswer | undefined {
  return events > slow.events ? { kind: 'silence', cause: slow.cause } : undefined;
}

/** Notes in the ledger that the events which a reply took off its stream did not arrive. */
function tellLost({ taken }: Reply, how: { readonly redeliver?: boolean; readonly cause?: string }): void {
  if (taken === undefined) return;
  Object.assign(taken.read, {
    fate: how.redeliver ? 'returned' : 'lost',
    cause: how.cause ?? 'interference',
  });
  if (how.redeliver) giveBack(taken.stream, taken.read);
}
