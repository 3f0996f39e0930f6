import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { holdCall } from '../clock/hold-call.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import { authError } from './auth-refusal.ts';
import type { SignedAuthorization } from './authorization-header.ts';
import { type AwsCall, recogniseCall, type ServiceStandIn } from './aws-call.ts';
import { errorAnswer } from './aws-error.ts';
import { checkSignature, type ReceivedRequest, type Signer } from './check-signature.ts';
import { type InterferedAnswer, type Interference, interfered } from './interference.ts';

export interface GatewayOptions {
  readonly accountId: string;
  readonly region: string;
  /** Finds what the signatures of an access key are checked with. */
  readonly signerOf: (accessKeyId: string) => Signer | undefined;
  readonly standIns?: readonly ServiceStandIn[];
  /** Asked of every call that is known. */
  readonly authorize: (call: AwsCall) => Authorization;
  /** Told of every call that was answered, and of refused ones too; status 0 for an answer that was dropped. */
  readonly observe?: (call: AwsCall, status: number) => void;
  /** Faults: asked of every allowed call. */
  readonly interfere?: (call: AwsCall) => Interference | undefined;
  /** Told of calls that an interference keeps waiting. */
  readonly hold?: VirtualClock['hold'];
}

export type Authorization =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      /** `denied` unless it is the key itself that is no good. */
      readonly reason?: 'denied' | 'unknown' | 'wrong-token' | 'expired';
      /** Names role, action and resource. */
      readonly message: string;
    };

export interface Gateway {
  /** `http://127.0.0.1:<port>`, the value of `AWS_ENDPOINT_URL`. */
  readonly url: string;
  /**
   * Calls that no stand-in knows, that one failed at, or whose signature does not hold, in order: a run that has any has
   * not shown what it claims. Calls that are merely dated too early or too late are not among them: clients set their
   * clocks by the answer, and make the call again.
   */
  readonly refusals: readonly Refusal[];
  /** For a stand-in that needs the gateway's own address. */
  register(standIn: ServiceStandIn): void;
  close(): Promise<void>;
}

export interface Refusal {
  readonly service: string;
  /** Absent when the request could not even be named. */
  readonly operation?: string;
  readonly message: string;
}

/** Starts the one HTTP server on loopback that is every AWS endpoint of a local run. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const standIns = new Map<string, ServiceStandIn>();
  const refusals: Refusal[] = [];
  const register = (standIn: ServiceStandIn): void => {
    standIns.set(standIn.service, standIn);
  };
  for (const standIn of options.standIns ?? []) register(standIn);

  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => answerRequest(request, body, { options, standIns, refusals, response }))
      // The caller went away, before its request was whole or while it was answered.
      .catch(() => response.destroy());
  });
  // Longer than any client keeps an idle socket, so that none is closed under a request.
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refusals,
    register,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface GatewayState {
  readonly options: GatewayOptions;
  readonly standIns: ReadonlyMap<string, ServiceStandIn>;
  readonly refusals: Refusal[];
  readonly response: ServerResponse;
}

async function answerRequest(
  { method = '', url: path = '/', headers, headersDistinct }: IncomingMessage,
  body: Uint8Array,
  state: GatewayState,
): Promise<void> {
  const received: ReceivedRequest = { method, path, headers, headersDistinct, body };
  const checked = checkSignature(received, state.options);
  if (!checked.ok && checked.problem !== 'skewed')
    state.refusals.push({ service: checked.service, message: checked.error.message });
  const answer = checked.ok
    ? await answerSigned(received, checked.authorization, state)
    : errorAnswer(checked.service, checked.error);
  await send(state.response, answer, { hold: state.options.hold, now: checked.signer?.now ?? Date.now });
}

async function answerSigned(
  request: ReceivedRequest,
  authorization: SignedAuthorization,
  state: GatewayState,
): Promise<InterferedAnswer> {
  const recognised = recogniseCall(request, authorization, {
    accountId: state.options.accountId,
    standInOf: (service) => state.standIns.get(service),
  });
  if (recognised.kind === 'refused') {
    state.refusals.push({ service: recognised.service, message: recognised.error.message });
    return errorAnswer(recognised.service, recognised.error);
  }
  try {
    return await answerCall(recognised.call, state);
  } catch (error) {
    const { service, operation } = recognised.call;
    const message = `${service}:${operation}: ${(error as Error).message}`;
    state.refusals.push({ service, operation, message });
    return errorAnswer(service, { status: 500, code: 'InternalFailure', message });
  }
}

async function answerCall(named: AwsCall, state: GatewayState): Promise<InterferedAnswer> {
  const { options } = state;
  const standIn = state.standIns.get(named.service);
  if (!standIn?.operations.has(named.operation)) return refuse(named, state);

  const call = {
    ...named,
    resource: standIn.resourceOf?.(named) ?? named.resource,
    context: { ...named.context, ...standIn.contextOf?.(named) },
  };
  const authorization = options.authorize(call);
  if (!authorization.allowed) {
    const { reason = 'denied', message } = authorization;
    const answer = errorAnswer(call.service, authError(call.service, reason, message));
    options.observe?.(call, answer.status);
    return answer;
  }
  const interference = options.interfere?.(call);
  const answer = interference
    ? await interfered(call, interference, {
        makeCall: () => standIn.handle(call),
        keepWaiting: (work) => holdCall(options.hold, state.response, work),
      })
    : await standIn.handle(call);
  options.observe?.(call, 'status' in answer ? answer.status : 0);
  return answer;
}

function refuse(call: AwsCall, state: GatewayState): InterferedAnswer {
  const message = `${call.action} on ${call.resource}: the local gateway has no ${call.operation} of ${call.service}.`;
  state.refusals.push({ service: call.service, operation: call.operation, message });
  const answer = errorAnswer(call.service, { status: 501, code: 'UnknownOperationException', message });
  state.options.observe?.(call, answer.status);
  return answer;
}

/** Reads the whole body, so that a call is made as one or not at all, also when its caller goes away. */
async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/**
 * @param now the caller's clock. A client of AWS sets its own by each answer's `Date`, and signs the next call by that.
 */
async function send(
  response: ServerResponse,
  answer: InterferedAnswer,
  { hold, now }: Pick<GatewayOptions, 'hold'> & { readonly now: () => number },
): Promise<void> {
  if ('silent' in answer) {
    await holdCall(hold, response, () => new Promise<void>((resolve) => response.once('close', resolve)));
    return;
  }
  if ('dropped' in answer) {
    response.socket?.resetAndDestroy();
    return;
  }
  const headers = { ...answer.headers, date: new Date(now()).toUTCString() };
  response.writeHead(answer.status, headers as Record<string, string | string[]>);
  if (typeof answer.body === 'string' || answer.body instanceof Uint8Array) response.end(answer.body);
  else await pipeline(answer.body, response);
}
