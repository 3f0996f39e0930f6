import { CommandError } from '../command.ts';

/** A bucket in Google Cloud Storage, as an operator may read it. */
export interface GcsBucket {
  readonly name: string;
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly size: number }>;
  get(key: string): Promise<{ readonly body: Uint8Array }>;
}

/**
 * Opens a bucket by the operator's own Google credentials: `CLOUDSDK_AUTH_ACCESS_TOKEN`, or the application default
 * ones. They need `storage.objects.list` and `storage.objects.get`.
 *
 * @throws {CommandError} where there are none
 * @see https://cloud.google.com/storage/docs/json_api/v1/objects/list
 */
export async function openGcsBucket(options: {
  readonly url: string;
  readonly bucket: string;
}): Promise<GcsBucket> {
  const { url, bucket } = options;
  const token = await accessToken(bucket);
  const objects = `${url}/storage/v1/b/${encodeURIComponent(bucket)}/o`;
  const call = async (address: string): Promise<Response> => {
    const response = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
    if (response.ok) return response;
    await response.body?.cancel();
    throw new CommandError(
      `looked for gs://${bucket} at ${url}: it answers ${response.status}; ${helpFor(response.status)}`,
    );
  };
  return {
    name: bucket,
    async *list(prefix) {
      let pageToken: string | undefined;
      do {
        const query = new URLSearchParams({
          prefix,
          fields: 'items(name,size),nextPageToken',
          ...(pageToken === undefined ? {} : { pageToken }),
        });
        const page = (await (await call(`${objects}?${query}`)).json()) as ObjectList;
        for (const { name, size } of page.items ?? []) yield { key: name, size: Number(size ?? 0) };
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
    },
    async get(key) {
      const response = await call(`${objects}/${encodeURIComponent(key)}?alt=media`);
      return { body: new Uint8Array(await response.arrayBuffer()) };
    },
  };
}

interface ObjectList {
  /** The size is a number as a text. */
  readonly items?: readonly { readonly name: string; readonly size?: string }[];
  readonly nextPageToken?: string;
}

const scope = 'https://www.googleapis.com/auth/devstorage.read_only';

async function accessToken(bucket: string): Promise<string> {
  const given = process.env.CLOUDSDK_AUTH_ACCESS_TOKEN;
  if (given !== undefined && given !== '') return given;
  // Outside Google's machines a request for their metadata would wait, and the library would print a warning.
  process.env.METADATA_SERVER_DETECTION ??= 'bios-only';
  try {
    const { GoogleAuth } = await import('google-auth-library');
    const token = await new GoogleAuth({ scopes: [scope] }).getAccessToken();
    if (typeof token === 'string') return token;
  } catch {
    // The message below takes the place of the library's own, which has several lines.
  }
  throw new CommandError(
    `looked for gs://${bucket}, but there are no Google credentials: gcloud auth application-default login, or set ` +
      'CLOUDSDK_AUTH_ACCESS_TOKEN to the output of gcloud auth print-access-token',
  );
}

function helpFor(status: number): string {
  if (status === 401) return 'log in to Google again';
  if (status === 403) return 'storage.objects.list and storage.objects.get are needed there';
  if (status === 404) return "see the destination's bucket in the settings";
  return 'try again later';
}
