import type { World } from '../../world.ts';
import type { WorldStream } from '../../world-streams.ts';
import { itemsOf } from '../stream-items.ts';

/** Adds up what collectors tell at the end of each invocation. */
export function watchEndLines(): EndLines {
  const tallies = { swept: new Map<string, number>(), lastResort: new Map<string, number>() };
  return {
    onLog(functionName, line) {
      for (const name of ['swept', 'lastResort'] as const) {
        if (!line.includes(`"${name}"`)) continue;
        const told = Number(parsed(line)[name] ?? 0);
        tallies[name].set(functionName, (tallies[name].get(functionName) ?? 0) + told);
      }
    },
    sweptBy: ({ functionName }) => tallies.swept.get(functionName) ?? 0,
    lastResortsOf: ({ functionName }) => tallies.lastResort.get(functionName) ?? 0,
  };
}

export interface EndLines {
  onLog(functionName: string, line: string): void;
  /** Batches that the stream's sweeps delivered, by those that lived to tell. */
  sweptBy(stream: Pick<WorldStream, 'functionName'>): number;
  /** Batches that the stream's runs handed to Firehose without a journal, since S3 refused; by those that lived to tell. */
  lastResortsOf(stream: Pick<WorldStream, 'functionName'>): number;
}

/** What the stream's records tell of batches that may be lost. */
export async function possibleLossOf(stream: WorldStream, world: World): Promise<number> {
  let sum = 0;
  for (const { possibleLoss, lost } of await itemsOf(stream, world, 'RUN#'))
    sum += Number(possibleLoss?.N ?? 0) + Number(lost?.N ?? 0);
  return sum;
}

function parsed(line: string): { readonly swept?: unknown; readonly lastResort?: unknown } {
  try {
    return JSON.parse(line) as { readonly swept?: unknown; readonly lastResort?: unknown };
  } catch {
    return {};
  }
}
