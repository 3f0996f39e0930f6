/**
 * An AWS call that is made again and again with another body. The client makes the first; what it made of it before
 * signing serves the next ones, which its own signer signs and its own handler sends. Credentials, endpoint and
 * signature stay the client's; spared are its 13 steps, which cost as much as compressing half an answer.
 *
 * @see ../../../docs/decisions/0011-aws-clients-and-memory-on-the-hot-path.md
 */
export interface RepeatedCall {
  /**
   * Makes the call once more. Undefined where it did not go well, for whatever reason and with whatever effect:
   * then the client is to make it, which knows what can be tried again and what the refusal is called.
   *
   * @throws the signal's reason
   */
  again(change: Change, signal: AbortSignal): Promise<Uint8Array | undefined>;
}

export interface Change {
  /** The last segment of the path; absent where the path stays. Of characters that need no escape. */
  readonly name?: string;
  /** In the place of those of the same name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/**
 * Notes what the client makes of a command.
 *
 * @param leftOut headers, by the beginning of their names, that are true of that call alone
 */
export function noteCall({ config }: CallingClient, leftOut: readonly string[]): CallNote {
  let noted: HttpCall | undefined;
  return {
    middleware: (next) => (args) => {
      noted = partOf(args.request as HttpCall, [...leftOut, ...ofOneCall]);
      return next(args);
    },
    repeated() {
      if (noted === undefined) throw new Error('a command that was not sent cannot be repeated');
      return repeat(noted, config);
    },
  };
}

export interface CallNote {
  /** For the command's own stack, at `afterBuild`. */
  readonly middleware: <Args extends { request: unknown }, Result>(
    next: (args: Args) => Result,
  ) => (args: Args) => Result;
  /** Once the command has succeeded. */
  repeated(): RepeatedCall;
}

/** Where a request is complete but for its signature. */
export const afterBuild = { step: 'build', priority: 'low' } as const;

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

const ofOneCall = ['content-length', 'x-amzn-trace-id', 'amz-sdk-'];

function partOf(
  { protocol, hostname, port, method, path, query, headers }: HttpCall,
  leftOut: readonly string[],
) {
  const kept = Object.entries(headers).filter(
    ([name]) => !leftOut.some((beginning) => name.toLowerCase().startsWith(beginning)),
  );
  return { protocol, hostname, port, method, path, query, headers: Object.fromEntries(kept) };
}

function repeat(noted: HttpCall, config: CallingClient['config']): RepeatedCall {
  const folder = noted.path.slice(0, noted.path.lastIndexOf('/') + 1);
  let signer: Promise<Signer> | undefined;
  return {
    async again({ name, headers, body }, signal) {
      const call = {
        ...noted,
        path: name === undefined ? noted.path : folder + name,
        headers: { ...noted.headers, ...headers, 'content-length': String(body.length) },
        body,
      };
      try {
        signer ??= config.signer();
        const signingDate = new Date(Date.now() + config.systemClockOffset);
        const signed = await (await signer).sign(call, { signingDate });
        const { response } = await config.requestHandler.handle(signed as never, { abortSignal: signal });
        const answer = await bytesOf(response, config);
        return response.statusCode === 200 ? answer : undefined;
      } catch {
        signal.throwIfAborted();
        return undefined;
      }
    },
  };
}

/** The client's default handler answers with a stream. */
async function bytesOf({ body }: HttpAnswer, config: CallingClient['config']): Promise<Uint8Array> {
  return body instanceof Uint8Array ? body : config.streamCollector(body as never);
}
