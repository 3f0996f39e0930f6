import type { Answer } from './loopback-server.ts';

/**
 * The documented answers of the HTTP Event Collector: code, HTTP status, text.
 * @see https://docs.splunk.com/Documentation/Splunk/latest/Data/TroubleshootHTTPEventCollector
 */
const hecCodes = {
  success: [0, 200, 'Success'],
  tokenDisabled: [1, 403, 'Token disabled'],
  tokenRequired: [2, 401, 'Token is required'],
  invalidAuthorization: [3, 401, 'Invalid authorization'],
  invalidToken: [4, 403, 'Invalid token'],
  noData: [5, 400, 'No data'],
  invalidDataFormat: [6, 400, 'Invalid data format'],
  incorrectIndex: [7, 400, 'Incorrect index'],
  internalError: [8, 500, 'Internal server error'],
  busy: [9, 503, 'Server is busy'],
  channelMissing: [10, 400, 'Data channel is missing'],
  invalidChannel: [11, 400, 'Invalid data channel'],
  eventRequired: [12, 400, 'Event field is required'],
  eventBlank: [13, 400, 'Event field cannot be blank'],
  ackDisabled: [14, 400, 'ACK is disabled'],
  indexedFields: [15, 400, 'Error in handling indexed fields'],
  healthy: [17, 200, 'HEC is healthy'],
  unhealthy: [18, 503, 'HEC is unhealthy, queues are full'],
  tooLarge: [27, 413, 'Request entity too large'],
} as const satisfies Record<string, readonly [code: number, status: number, text: string]>;

export type HecCode = keyof typeof hecCodes;

export interface HecDetails {
  readonly ackId?: number;
  readonly 'invalid-event-number'?: number;
}

/** @param why for `refusals`; the documented text alone goes to the client */
export function hecAnswer(name: HecCode, details: HecDetails = {}, why?: string): Answer {
  const [code, status, text] = hecCodes[name];
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify({ text, code, ...details }),
    ...(status >= 300 && { refusal: `code ${code} ${text}${why === undefined ? '' : `: ${why}`}` }),
  };
}

/** The answer that belongs to a status that a fault switch asks for. */
export function hecAnswerFor(status: number): Answer {
  const name =
    (Object.keys(hecCodes) as HecCode[]).find((name) => hecCodes[name][1] === status) ?? 'internalError';
  const byStatus: Partial<Record<number, HecCode>> = {
    401: 'invalidAuthorization',
    403: 'invalidToken',
    503: 'busy',
  };
  return { ...hecAnswer(byStatus[status] ?? name), status };
}
