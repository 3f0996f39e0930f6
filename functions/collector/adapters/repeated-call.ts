/**
 * An AWS call that is made again and again with another body. The client makes the first; what it made of it before
 * signing serves the next ones, which its own signer signs and its own handler sends. Credentials, endpoint and
 * signature stay the client's; spared are its 13 steps, which cost as much as compressing half an answer.
 *
 * @param leftOut headers, by the beginning of their names, that are true of one call alone
 * @see ../../../docs/decisions/0011-aws-clients-and-memory-on-the-hot-path.md
 */
export function createRepeatedCall({ config }: CallingClient, leftOut: readonly string[]): RepeatedCall {
  let noted: { readonly place: string; readonly call: HttpCall } | undefined;
  let failedInARow = 0;
  let signer: Promise<Signer> | undefined;

  const send = async (call: HttpCall, signal: AbortSignal): Promise<Uint8Array | undefined> => {
    signer ??= config.signer();
    const signingDate = new Date(Date.now() + config.systemClockOffset);
    const signed = await (await signer).sign(call, { signingDate });
    const { response } = await config.requestHandler.handle(signed as never, { abortSignal: signal });
    const answer = await bytesOf(response, config);
    return response.statusCode === 200 ? answer : undefined;
  };

  return {
    async again(place, change, signal) {
      if (noted?.place !== place) return undefined;
      let hung: unknown;
      try {
        const answer = await send(changed(noted.call, change), signal);
        if (answer !== undefined) {
          failedInARow = 0;
          return answer;
        }
      } catch (error) {
        // What hung so long has had its time; whatever else it was, the client may do better.
        if (signal.aborted || (error as Error).name === 'TimeoutError') hung = error;
      }
      // The next one is the client's in any case, lest what hangs for being repeated hangs for ever.
      noted = undefined;
      failedInARow += 1;
      if (hung !== undefined) throw hung;
      return undefined;
    },
    note: (place) => (next) => async (args) => {
      const call = lastingPart(args.request as HttpCall, [...leftOut, ...ofOneCall]);
      const result = await next(args);
      if (failedInARow < mostFailedInARow) noted = { place, call };
      return result;
    },
  };
}

export interface RepeatedCall {
  /**
   * Makes the call that was noted last once more, if it was noted at this place. Undefined where there is none, or it
   * did not go well, for whatever reason and with whatever effect: then the client is to make it, which knows what can
   * be tried again and what the refusal is called.
   *
   * @throws the signal's reason, and `TimeoutError`
   */
  again(place: string, change: Change, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Notes a command that succeeds: for its own stack, at `afterBuild`. */
  note(
    place: string,
  ): <Args extends { request: unknown }, Result>(
    next: (args: Args) => Promise<Result>,
  ) => (args: Args) => Promise<Result>;
}

export interface Change {
  /** The last segment of the path; absent where the path stays. Of characters that need no escape. */
  readonly name?: string;
  /** In the place of those of the same name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Where a request is complete but for its signature. */
export const afterBuild = { step: 'build', priority: 'low' } as const;

/** Were they refused for a reason of their own, every other call would be one in vain. */
const mostFailedInARow = 3;

const ofOneCall = ['content-length', 'x-amzn-trace-id', 'amz-sdk-'];

function lastingPart(
  { protocol, hostname, port, method, path, query, headers }: HttpCall,
  leftOut: readonly string[],
): HttpCall {
  const kept = Object.entries(headers).filter(
    ([name]) => !leftOut.some((beginning) => name.toLowerCase().startsWith(beginning)),
  );
  return { protocol, hostname, port, method, path, query, headers: Object.fromEntries(kept) };
}

function changed(call: HttpCall, { name, headers, body }: Change): HttpCall {
  return {
    ...call,
    path: name === undefined ? call.path : call.path.slice(0, call.path.lastIndexOf('/') + 1) + name,
    headers: { ...call.headers, ...headers, 'content-length': String(body.length) },
    body,
  };
}

/** The client's default handler answers with a stream. */
async function bytesOf({ body }: HttpAnswer, config: CallingClient['config']): Promise<Uint8Array> {
  return body instanceof Uint8Array ? body : config.streamCollector(body as never);
}

/** As much of a client as this needs. */
export interface CallingClient {
  readonly config: {
    readonly signer: () => Promise<Signer>;
    readonly requestHandler: { handle(request: never, options: object): Promise<{ response: HttpAnswer }> };
    readonly streamCollector: (stream: never) => Promise<Uint8Array>;
    /** Of the machine's clock against AWS's, in ms, as far as the client has noticed. */
    readonly systemClockOffset: number;
  };
}

interface Signer {
  sign(request: HttpCall, options: { readonly signingDate: Date }): Promise<object>;
}

interface HttpCall {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

interface HttpAnswer {
  readonly statusCode: number;
  readonly body?: unknown;
}
