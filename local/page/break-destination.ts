import type { IncomingMessage } from 'node:http';
import { z } from 'zod/mini';

/** Destinations that somebody at the page may break and mend. */
export interface PageDestinations {
  readonly states: readonly { readonly name: string; readonly broken: boolean }[];
  /** @returns false when there is no such destination */
  set(name: string, broken: boolean): boolean;
}

/**
 * Breaks or mends a destination, as the page asks by `{"name": …, "broken": …}`.
 *
 * @returns the status to answer with: 403 for whoever is not this very page
 */
export async function breakDestination(
  request: IncomingMessage,
  destinations: PageDestinations,
): Promise<number> {
  // Browsers say so with every POST, and scripts of other sites cannot say otherwise.
  if (request.headers.origin !== `http://${request.headers.host}`) return 403;
  if (request.headers['content-type'] !== 'application/json') return 415;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) return 413;
    chunks.push(chunk);
  }
  const asked = wish.safeParse(parsed(Buffer.concat(chunks).toString()));
  if (!asked.success) return 400;
  return destinations.set(asked.data.name, asked.data.broken) ? 204 : 404;
}

const longestBody = 1_024;

const wish = z.strictObject({ name: z.string(), broken: z.boolean() });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
