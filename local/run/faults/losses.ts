import type { LedgerEntry } from '../../mosaic/ledger.ts';
import type { StreamComparison } from '../comparison.ts';
import type { Loss } from '../report.ts';

/**
 * What was lost of a stream, by its cause.
 *
 * An event may be lost on its way from Mosaic, or with the process that had it in hand before it was journaled; and
 * only where no witness reads a copy of it.
 */
export function lossesOf({ destinations }: StreamComparison, options: LossOptions): readonly Loss[] {
  const missing = new Map(
    destinations.flatMap(({ missingEvents }) =>
      missingEvents.map(({ id, journaled }) => [id, journaled] as const),
    ),
  );
  if (missing.size === 0) return [];
  const losses = new Map<string, Loss & { readonly calls: Set<number> }>();
  const add = (cause: string, call: number, inWindow: boolean): void => {
    const { events = 0, calls = new Set<number>() } = losses.get(cause) ?? {};
    const batches = calls.add(call).size;
    losses.set(cause, { cause, events: events + 1, batches, allowed: inWindow && !options.witnessed, calls });
  };
  for (const { id, fate, cause = fate, call } of options.ledger()) {
    const journaled = missing.get(id);
    if (journaled === undefined) continue;
    missing.delete(id);
    const ended = options.causeOf(call);
    if (journaled) add('journaled and not delivered', call, false);
    // Once S3 has acknowledged it, no end of a process explains a loss.
    else if (options.acknowledged.has(id)) add('journaled, and gone from the journal', call, false);
    else if (fate === 'lost') add(cause, call, true);
    else if (fate === 'answered' && ended !== undefined) add(`${ended}, before the journal`, call, true);
    else add(`${fate} and never journaled`, call, false);
  }
  return [...losses.values()].map(({ calls: _, ...loss }) => loss);
}

export interface LossOptions {
  /** The stream's events, each once. */
  readonly ledger: () => Iterable<LedgerEntry>;
  /** What ended the process that held the answer of that call. */
  readonly causeOf: (call: number) => string | undefined;
  /** Ids of the events in every journal object that S3 has acknowledged. */
  readonly acknowledged: ReadonlySet<string>;
  /** Whether a witness watches over the stream. */
  readonly witnessed: boolean;
}
