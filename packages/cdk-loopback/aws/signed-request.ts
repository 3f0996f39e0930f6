import type { IncomingHttpHeaders } from 'node:http';

export interface AwsRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

export interface SignedRequest extends AwsRequest {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  readonly accountId: string;
}

/** The facts about a request that its protocol's own module reads out of it. */
export interface NamedCall {
  readonly operation: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly input?: Readonly<Record<string, unknown>>;
}
