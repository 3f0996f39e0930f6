import type { IncomingMessage } from 'node:http';
import type { z } from 'zod/mini';

/** What the page asked for, or the status to answer with. */
export type Wish<T> = { readonly asked: T } | { readonly refused: 400 | 403 | 413 | 415 };

/** Reads a wish of the page, a small JSON body. Whoever is not this very page is refused with 403. */
export async function readWish<T>(
  request: IncomingMessage,
  schema: { safeParse(value: unknown): z.core.util.SafeParseResult<T> },
): Promise<Wish<T>> {
  // Browsers say so with every POST, and scripts of other sites cannot say otherwise.
  if (request.headers.origin !== `http://${request.headers.host}`) return { refused: 403 };
  if (request.headers['content-type'] !== 'application/json') return { refused: 415 };
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) return { refused: 413 };
    chunks.push(chunk);
  }
  const asked = schema.safeParse(parsed(Buffer.concat(chunks).toString()));
  return asked.success ? { asked: asked.data } : { refused: 400 };
}

const longestBody = 1_024;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
