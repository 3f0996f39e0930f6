import type { Reply } from './stream.ts';

/** Writes a text of the contract as plain text or, with the switch `json-bodies`, as an object. */
export type WriteText = (status: number, text: string) => Reply;

export const writeText =
  ({ json }: { readonly json: boolean }): WriteText =>
  (status, text) =>
    json
      ? jsonReply(status, { message: text })
      : { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from(text) };

export function jsonReply(status: number, value: unknown): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(value)),
  };
}

/**
 * The texts of the API's answers, word for word as far as they are documented.
 *
 * @see the vendor's Event Streaming API reference (v1)
 */
export const texts = {
  started: (type: string) => `Start collecting ${type} events.`,
  stopped: (type: string) => `Stopped collecting ${type} events.`,
  created: (id: string, type: string) =>
    `Events stream: ${id}, with ${type} events, was created successfully.`,
  deleted: (id: string, type: string) =>
    `Events stream: ${id}, with ${type} events, was deleted successfully.`,
  badRequest: 'Bad request',
  unauthorized: 'Unauthorized',
  notStarted: 'Cannot handle request without performing start collect action first.',
  streamIdRequired: 'stream_id parameter is required and must be a continuous non-empty string.',
  alreadyExists: 'Resource already exists in the project',
  streamNotFound: 'Stream not found.',
  overQuota: 'Tenant has reached the maximum number of event streams.',
} as const;

/** Of the removed GETs, and of a version that was retired. */
export const removed = (): Reply =>
  jsonReply(410, { message: 'This endpoint has been removed. Please update your integration.' });
