import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { ReadCredentials } from './credentials.ts';
import type { Agents } from './exchange.ts';
import type { TokenCache } from './token-cache.ts';

/** Mosaic's API as one run or one deployment sees it: its settings, and sockets that do not outlive it. */
export interface Mosaic {
  readonly options: MosaicOptions;
  readonly agents: Agents;
  /** Destroys every socket, also those in use, whose calls then end as reset or not sent. */
  close(): void;
}

export interface MosaicOptions {
  /** Scheme and host, as `https://api.sbx.transmitsecurity.io`; the token comes from the same host. */
  readonly url: string;
  /** `v1`. */
  readonly apiVersion: string;
  /** The token's `resource`; left out of the request when absent. */
  readonly resource?: string;
  readonly readCredentials: ReadCredentials;
  /** Kept by the caller, so that a token outlives the run that asked for it. */
  readonly tokens: TokenCache;
  /** Milliseconds since the epoch; only a token's age and a `Retry-After` date are measured by it. */
  readonly now: () => number;
  /** The most bytes of a collect answer that are read off the wire, compressed or not. */
  readonly wireCapBytes: number;
}

/**
 * Opens the API for one run. Nothing is sent yet.
 *
 * The agents are new each time: a socket that a frozen sandbox kept resets on its first POST, and a POST that
 * resets may have consumed a batch.
 */
export function openMosaic(options: MosaicOptions): Mosaic {
  const agents: Agents = { http: new HttpAgent(keepAlive), https: new HttpsAgent(keepAlive) };
  return {
    options: { ...options, url: options.url.replace(/\/+$/, '') },
    agents,
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

/** An idle socket is dropped before a server drops it; Node's own servers do so after 5 s. */
const keepAlive = { keepAlive: true, timeout: 4000 };
