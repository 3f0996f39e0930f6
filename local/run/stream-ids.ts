import type { WorldStream } from '../world-streams.ts';

/** The ids that each stream has had in Mosaic: what was raised before an id was replaced lies under the old one. */
export interface StreamIds {
  /** Oldest first, the present one last. */
  of(stream: Named): readonly string[];
  /** To be told before and after a deployment. */
  learn(streams: readonly Named[]): void;
}

type Named = Pick<WorldStream, 'name' | 'id'>;

export function createStreamIds(): StreamIds {
  const known = new Map<string, readonly string[]>();
  return {
    of: ({ name, id }) => known.get(name) ?? [id],
    learn(streams) {
      for (const { name, id } of streams) {
        const ids = known.get(name) ?? [];
        if (!ids.includes(id)) known.set(name, [...ids, id]);
      }
    },
  };
}
