import type { StreamComparison } from '../../local/run/comparison.ts';
import type { Loss } from '../../local/run/report.ts';
import type { SourceEntry } from '../../local/run/simulated-source.ts';

/**
 * Lists a stream's lost events by cause.
 *
 * An event may be lost on its way from Mosaic, or with the process that held it before it was journaled; and only
 * where no witness reads a copy of it.
 */
export function lossesOf({ destinations }: StreamComparison, options: LossOptions): readonly Loss[] {
  const missing = new Map(
    destinations.flatMap(({ missingEvents }) =>
      missingEvents.map(({ id, journaled }) => [id, journaled] as const),
    ),
  );
  if (missing.size === 0) return [];
  const losses = new Map<string, Loss & { readonly ids: string[]; readonly calls: Set<number> }>();
  const add = (cause: string, { id, call }: SourceEntry, inWindow: boolean): void => {
    const { ids = [], calls = new Set<number>() } = losses.get(cause) ?? {};
    losses.set(cause, {
      cause,
      events: ids.push(id),
      batches: calls.add(call).size,
      allowed: inWindow && !options.witnessed,
      ids,
      calls,
    });
  };
  for (const entry of options.ledger()) {
    const { id, fate, cause = fate, call } = entry;
    const journaled = missing.get(id);
    if (journaled === undefined) continue;
    missing.delete(id);
    const ended = options.causeOf(call);
    if (journaled) add('journaled and not delivered', entry, false);
    // Once S3 has acknowledged the event, no end of a process explains its loss.
    else if (options.acknowledged.has(id)) add('journaled, and gone from the journal', entry, false);
    else if (fate === 'lost') add(cause, entry, true);
    else if (fate === 'answered' && ended !== undefined) add(`${ended}, before the journal`, entry, true);
    else add(`${fate} and never journaled`, entry, false);
  }
  return [...losses.values()].map(({ calls, ...loss }) => {
    const forgotten = [...calls].filter((call) => options.forgets?.(call)).length;
    return forgotten === 0 ? loss : { ...loss, forgotten };
  });
}

export interface LossOptions {
  /** The stream's events, each once. */
  readonly ledger: () => Iterable<SourceEntry>;
  /** The cause that ended the process with the answer of that call. */
  readonly causeOf: (call: number) => string | undefined;
  /** True if the loss of that call's answer may be forgotten. */
  readonly forgets?: (call: number) => boolean;
  /** Ids of the events in every journal object that S3 has acknowledged. */
  readonly acknowledged: ReadonlySet<string>;
  /** True if a witness watches over the stream. */
  readonly witnessed: boolean;
}
