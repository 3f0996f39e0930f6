import type { WorldStream } from '../world-streams.ts';

/** Adds up figures of the collectors' log lines. */
export function watchEndLines(): EndLines {
  const tallies = new Map<Told, Map<string, number>>(told.map((name) => [name, new Map()]));
  const of = (name: Told, functionName: string): number => tallies.get(name)!.get(functionName) ?? 0;
  return {
    onLog(functionName, line) {
      for (const name of told) {
        if (!line.includes(`"${name}"`)) continue;
        const value = parsed(line)[name];
        if (typeof value === 'number') tallies.get(name)!.set(functionName, of(name, functionName) + value);
      }
    },
    sweptBy: ({ functionName }) => of('swept', functionName),
    lastResortsOf: ({ functionName }) => of('lastResort', functionName),
    lossToldOf: ({ functionName }) => of('PossibleLoss', functionName),
  };
}

export interface EndLines {
  onLog(functionName: string, line: string): void;
  /** Batches that the stream's sweeps delivered, of the sweeps that lived to log it. */
  sweptBy(stream: Pick<WorldStream, 'functionName'>): number;
  /**
   * Batches that the stream's runs handed to Firehose without a journal because S3 refused, of the runs that lived
   * to log it.
   */
  lastResortsOf(stream: Pick<WorldStream, 'functionName'>): number;
  /** Batches that may be lost, at most, by the metric of the stream's alarm. */
  lossToldOf(stream: Pick<WorldStream, 'functionName'>): number;
}

/** Members of an invocation's end line, and of a line that is written at once. */
const told = ['swept', 'lastResort', 'PossibleLoss'] as const;
type Told = (typeof told)[number];

function parsed(line: string): { readonly [name in Told]?: unknown } {
  try {
    return JSON.parse(line) as { readonly [name in Told]?: unknown };
  } catch {
    return {};
  }
}
