// A stand-in for Azure Monitor's Logs Ingestion API and Microsoft Entra's token endpoint, written here after "Logs
// Ingestion API in Azure Monitor" and "OAuth 2.0 client credentials flow" of Microsoft's documentation.
import { gunzipSync } from 'node:zlib';
import { createEntra, type EntraApplication } from './entra-token-endpoint.ts';
import { type Faults, noFaults } from './faults.ts';
import { elementsOf, JsonFault, membersOf, onlyValue } from './json-spans.ts';
import { type Answer, type Call, startLoopbackServer } from './loopback-server.ts';
import type { Receiver, ReceiverClock } from './receiver.ts';
import { isOutOfRange, type ReceiverAges } from './receiver-ages.ts';

export interface AzureLogsOptions {
  readonly clock: ReceiverClock;
  readonly application: EntraApplication;
  /** The data collection rule's immutable id. */
  readonly ruleId: string;
  /** The stream that the rule declares. */
  readonly stream: string;
  /** The columns that the stream declares; `Event` by default. The first is what `events` keeps. */
  readonly columns?: readonly string[];
  /** The host that tokens must be for; `monitor.azure.com` by default. */
  readonly audience?: string;
  /** How old an event may be that keeps its own time; any by default. */
  readonly ages?: ReceiverAges;
}

export interface AzureLogsFaults extends Faults {
  /** Calls above so many bytes get 413; 1,048,576 as documented. */
  maxBytes: number;
  /** The application has no role on the rule. */
  roleMissing: boolean;
}

export interface AzureLogsIngestion extends Receiver {
  readonly faults: AzureLogsFaults;
  /** The raw bytes of each row's `Event`, in the order in which they came. */
  readonly events: readonly Buffer[];
  /** Sizes of the bodies of the calls that were taken. */
  readonly callSizes: readonly number[];
  rotateSecret(next: string, oldValidForMs: number): void;
}

/** Starts both services at one address: their paths differ. */
export async function startAzureLogsIngestion(options: AzureLogsOptions): Promise<AzureLogsIngestion> {
  const { clock, ruleId, stream, audience = 'monitor.azure.com', columns = ['Event'] } = options;
  const entra = createEntra({ application: options.application, audience, clock });
  const faults: AzureLogsFaults = { ...noFaults(), maxBytes: 1_048_576, roleMissing: false };
  const events: Buffer[] = [];
  const redated = new Set<Buffer>();
  const callSizes: number[] = [];

  const server = await startLoopbackServer({
    handle,
    faults,
    clock,
    refuse: ({ status, headers }) => {
      const refused = azureError(
        status,
        status === 429 ? 'TooManyRequests' : 'ServiceUnavailable',
        'Switched on.',
      );
      return { ...refused, headers: { ...refused.headers, ...headers } };
    },
  });
  return {
    url: server.url,
    faults,
    refusals: server.refusals,
    events,
    callSizes,
    rotateSecret: entra.rotateSecret,
    async eachLine(visit) {
      for (const event of events) visit(event, redated.has(event));
    },
    close: server.close,
  };

  function handle(call: Call): Answer {
    if (call.path.endsWith('/oauth2/v2.0/token')) return entra.token(call);
    const named = /^\/dataCollectionRules\/([^/]+)\/streams\/([^/]+)$/.exec(call.path);
    if (named === null || call.method !== 'POST') {
      return azureError(404, 'NotFound', `This stand-in does not know ${call.method} ${call.path}.`);
    }
    if (`${call.query}` !== 'api-version=2023-01-01')
      return azureError(400, 'InvalidApiVersion', `${call.query}`);
    if (!entra.knows(call.headers.authorization))
      return azureError(401, 'InvalidToken', 'The token is not accepted.');
    if (named[1] !== ruleId)
      return azureError(404, 'NotFound', `Data collection rule with immutable Id '${named[1]}' not found.`);
    if (faults.roleMissing) {
      return azureError(
        403,
        'OperationFailed',
        'The authentication token provided does not have access to ingest data for the data collection rule.',
      );
    }
    if (named[2] !== stream)
      return azureError(400, 'InvalidStream', `The stream ${named[2]} was not configured for this rule.`);
    return ingest(call);
  }

  function ingest(call: Call): Answer {
    if (call.headers['content-type'] !== 'application/json') {
      return azureError(415, 'UnsupportedMediaType', `${call.headers['content-type']}`);
    }
    const body = decode(call);
    if (body === undefined)
      return azureError(415, 'UnsupportedContentEncoding', `${call.headers['content-encoding']}`);
    if (Math.max(body.length, call.body.length) > faults.maxBytes) {
      return azureError(
        413,
        'ContentLengthLimitExceeded',
        `Maximum allowed content length is ${faults.maxBytes}.`,
      );
    }
    try {
      const rows = elementsOf(body, onlyValue(body).start).map(({ start }) => membersOf(body, start));
      const undeclared = rows.flat().find(({ name }) => !columns.includes(name));
      // Azure would drop it without a word.
      if (undeclared)
        return azureError(400, 'InvalidRequestContent', `No column ${undeclared.name} is declared.`);
      for (const row of rows) {
        const event = row.find(({ name }) => name === columns[0]);
        if (event === undefined) continue;
        const bytes = body.subarray(event.start, event.end);
        events.push(bytes);
        if (options.ages !== undefined && isOutOfRange(bytes, options.ages, clock.now())) redated.add(bytes);
      }
    } catch (error) {
      if (!(error instanceof JsonFault)) throw error;
      return azureError(400, 'InvalidRequestContent', `Not an array of objects: ${error.message}.`);
    }
    callSizes.push(body.length);
    return { status: 204 };
  }
}

function decode({ headers, body }: Call): Buffer | undefined {
  if (headers['content-encoding'] === undefined) return body;
  if (headers['content-encoding'] !== 'gzip') return undefined;
  try {
    return gunzipSync(body);
  } catch {
    return undefined;
  }
}

function azureError(status: number, code: string, message: string): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error: { code, message } }),
    refusal: `${code}: ${message}`,
  };
}
