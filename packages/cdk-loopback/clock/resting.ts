/** Works that only wait, and the calls that servers of this run keep waiting. */
export interface Resting {
  /** @returns what ends the rest, when the work goes on by itself */
  add(rest: Rest): () => void;
  /** A call to this port is kept waiting. @returns what ends that */
  hold(port: number): () => void;
  /** True if so many works all rest, and every call that one of them waits for is held. */
  covers(works: number): boolean;
  /** The earliest moment that one of them waits for. */
  due(): number;
  /** Ends every rest, and answers them. */
  wake(): readonly Rest[];
}

export interface Rest {
  /** When the work goes on by itself; infinite where only an answer lets it go on. */
  readonly until: number;
  /** The ports of this machine from which it waits for an answer, once for each call. */
  readonly ports: readonly number[];
  /** Told when the clock was moved on; the work then no longer counts as resting. */
  readonly onMoved: () => void;
}

export function createResting(): Resting {
  const rests = new Set<Rest>();
  const held = new Map<number, number>();
  const count = (port: number, change: number): void => {
    held.set(port, (held.get(port) ?? 0) + change);
  };
  return {
    add(rest) {
      rests.add(rest);
      return () => void rests.delete(rest);
    },
    hold(port) {
      let over = false;
      count(port, 1);
      return () => {
        if (!over) count(port, -1);
        over = true;
      };
    },
    covers(works) {
      if (rests.size < works) return false;
      const free = new Map(held);
      for (const port of [...rests].flatMap(({ ports }) => ports)) {
        const left = (free.get(port) ?? 0) - 1;
        if (left < 0) return false;
        free.set(port, left);
      }
      return true;
    },
    due: () => Math.min(...[...rests].map(({ until }) => Math.ceil(until))),
    wake() {
      const woken = [...rests];
      rests.clear();
      return woken;
    },
  };
}
