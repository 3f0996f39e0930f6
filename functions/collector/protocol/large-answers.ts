/**
 * Room in memory for large answers: as many at once as come to the size of one that is just accepted. Of those that
 * wait, the one enters first whose last turn is the longest ago, so each other has one turn at most before it.
 *
 * A delivery that holds room gives it back when it has fallen `mostBehindMs` behind its quota, and goes on from there
 * in its next turn. So a turn is never much longer than an answer takes at the quota.
 *
 * Answers of 8 MiB and less, such as a thousand events of 3 KB, need no room. A large one may take a quarter of the
 * function's memory decompressed, and once more as lines.
 */
export interface LargeAnswers {
  /**
   * Resolves when there is room for an answer of so many bytes, decompressed.
   *
   * @param asker whose turn it is: a destination's name, or `nextCollect`
   * @returns a function that gives the room back; it must be called once
   */
  room(bytes: number, asker: string | typeof nextCollect): Promise<() => void>;
}

/** Asks for room for the answer that is about to come. */
export const nextCollect = Symbol('next collect');

/** How far a delivery that holds room may fall behind the quota. */
export const mostBehindMs = 10_000;

/**
 * @param roomBytes what an answer may decompress to; an answer that claims to be larger takes all of the room
 * @param order of the first turns; an asker that is not in it enters before those, in the order of asking
 */
export function createLargeAnswers(roomBytes: number, order: readonly string[] = []): LargeAnswers {
  let free = roomBytes;
  let turns = 0;
  const lastTurns = new Map<string | symbol, number>(
    order.map((asker, index) => [asker, index - order.length]),
  );
  const lastTurnOf = ({ asker }: Waiter): number => lastTurns.get(asker) ?? Number.NEGATIVE_INFINITY;
  const waiting = new Set<Waiter>();
  const enterNext = (): void => {
    for (const next of [...waiting].sort((a, b) => compare(lastTurnOf(a), lastTurnOf(b)))) {
      if (next.bytes > free) return;
      waiting.delete(next);
      free -= next.bytes;
      turns += 1;
      lastTurns.set(next.asker, turns);
      next.enter();
    }
  };
  return {
    async room(asked, asker) {
      const bytes = Math.min(asked, roomBytes);
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add({ bytes, asker, enter: resolve });
      enterNext();
      await promise;
      return () => {
        free += bytes;
        enterNext();
      };
    },
  };
}

interface Waiter {
  readonly bytes: number;
  readonly asker: string | symbol;
  readonly enter: () => void;
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** The cap of the settings as bytes. */
export function decompressedCapBytes({
  decompressedCapMiB,
}: {
  readonly decompressedCapMiB: number;
}): number {
  return decompressedCapMiB * 1024 * 1024;
}
