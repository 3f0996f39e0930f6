/** Where a stream is read: by its parts, or by the link that Mosaic's portal hands out. */
export type StreamAddress = NamedStream | PullUrl;

export interface NamedStream {
  /** `cis`, `admin`, `risk` or `verify`. */
  readonly type: string;
  readonly streamId: string;
}

/** Posted to as it is, but for a batch size above the one asked for; never created, reopened or deleted. */
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
  if ('pullUrl' in address) return withBatchSize(address.pullUrl, batchSize);
  return operationUrl(api, 'collect', {
    type: address.type,
    stream_id: address.streamId,
    batch_size: String(batchSize),
  });
}

/** A cautious run asks for few events; a URL that names no batch size stays as it is. */
function withBatchSize(pullUrl: string, batchSize: number): string {
  const written = /([?&]batch_size=)(\d+)/.exec(pullUrl);
  if (written === null || Number(written[2]) <= batchSize) return pullUrl;
  return pullUrl.replace(written[0], `${written[1]}${batchSize}`);
}
