import type { IncomingMessage } from 'node:http';
import { z } from 'zod/mini';
import type { PassingStream } from './frame.ts';
import type { Wish } from './page-wish.ts';
import { readWish } from './page-wish.ts';

/** Destinations that somebody at the page may break and let recover. */
export interface PageDestinations {
  readonly states: readonly { readonly name: string; readonly broken: boolean }[];
  /** @returns false when there is no such destination */
  set(name: string, broken: boolean): boolean;
}

/** What the page shows and does of the run beside its metrics; each member may be absent. */
export interface PageRun {
  /** Those that whoever looks at the page may break. */
  readonly destinations?: PageDestinations;
  readonly replays?: PageReplays;
  /** The last lines of a stream's log groups, oldest first. @returns undefined where there is no such stream */
  readonly logs?: (stream: string) => Promise<readonly string[] | undefined>;
  readonly passing?: () => readonly PassingStream[];
}

/** Replays of what waits for somebody, by the code of `relay replay`. */
export interface PageReplays {
  /** Streams of which something waits, each with the command that replays it. */
  readonly offers: readonly { readonly stream: string; readonly command: string }[];
  /** @returns one sentence on what came of it; undefined where there is no such stream */
  replay(stream: string): Promise<string | undefined>;
}

/** Breaks a destination or lets it recover, as asked by `{"name": …, "broken": …}`. @returns the status to answer with */
export async function breakDestination(
  request: IncomingMessage,
  destinations: PageDestinations,
): Promise<number> {
  const wish: Wish<{ name: string; broken: boolean }> = await readWish(
    request,
    z.strictObject({ name: z.string(), broken: z.boolean() }),
  );
  if ('refused' in wish) return wish.refused;
  return destinations.set(wish.asked.name, wish.asked.broken) ? 204 : 404;
}

/** Replays a stream, as asked by `{"stream": …}`. */
export async function replayStream(
  request: IncomingMessage,
  replays: PageReplays,
): Promise<{ readonly status: number; readonly said?: string }> {
  const wish: Wish<{ stream: string }> = await readWish(request, z.strictObject({ stream: z.string() }));
  if ('refused' in wish) return { status: wish.refused };
  const said = await replays.replay(wish.asked.stream);
  return said === undefined ? { status: 404 } : { status: 200, said };
}
