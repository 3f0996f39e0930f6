/** Where a stream is read: by its parts, or by the link that Mosaic's portal hands out. */
export type StreamAddress = NamedStream | PullUrl;

export interface NamedStream {
  /** `cis`, `admin`, `risk` or `verify`. */
  readonly type: string;
  readonly streamId: string;
}

/** Posted to as it is, its batch size included; such a stream is never created, reopened or deleted. */
export interface PullUrl {
  readonly pullUrl: string;
}

export type Operation = 'collect' | 'start-collect' | 'stream';

/** The full v1 path repeats the word: `/activities/v1/activities/collect`. */
export function operationUrl(
  api: { readonly url: string; readonly apiVersion: string },
  operation: Operation,
  parameters: Readonly<Record<string, string>>,
): string {
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${api.url}/activities/${api.apiVersion}/activities/${operation}?${query.join('&')}`;
}

export function collectUrl(
  api: { readonly url: string; readonly apiVersion: string },
  address: StreamAddress,
  batchSize: number,
): string {
  if ('pullUrl' in address) return address.pullUrl;
  return operationUrl(api, 'collect', {
    type: address.type,
    stream_id: address.streamId,
    batch_size: String(batchSize),
  });
}
