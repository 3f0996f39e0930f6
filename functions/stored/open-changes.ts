import { lateAttribute } from './open-item.ts';
import { type ItemChange, itemExists, itemName, type StreamItem } from './stream-item.ts';

/** Every write to an `OPEN` item after the first. None of them brings an item that is gone into being again. */
export const openChanges = {
  /** Sets how far a destination has got, only growing, and forgets its tries. */
  done: (destination: string, number: number): ItemChange =>
    onlyIfThere({
      update: 'SET done.#destination = :number REMOVE tries.#destination',
      condition: 'attribute_not_exists(done.#destination) OR done.#destination <= :number',
      names: { '#destination': destination },
      values: { ':number': number },
    }),

  /**
   * Sets how far a destination has got, and how many events of the batches up to there were late for its receiver: the
   * one moves only with the other, so that a batch which is delivered twice counts once.
   */
  doneWithLate: (destination: string, number: number, late: number): ItemChange =>
    onlyIfThere({
      update: 'SET done.#destination = :number, #late = :late REMOVE tries.#destination',
      condition: 'attribute_not_exists(done.#destination) OR done.#destination < :number',
      names: { '#destination': destination, '#late': lateAttribute(destination) },
      values: { ':number': number, ':late': late },
    }),

  /** Lets a destination go on behind batches that have left the journal, and adds them to the run's lost ones. */
  lost: (destination: string, number: number, lost: number): ItemChange =>
    onlyIfThere({
      update: 'SET done.#destination = :number REMOVE tries.#destination ADD lost :lost',
      condition: 'attribute_not_exists(done.#destination) OR done.#destination < :number',
      names: { '#destination': destination },
      values: { ':number': number, ':lost': lost },
    }),

  /** Sets how many batches there are so far, only growing. */
  batches: (lastNumber: number): ItemChange =>
    onlyIfThere({
      update: 'SET lastNumber = :last, #counted = if_not_exists(#counted, :no)',
      condition: 'attribute_not_exists(lastNumber) OR lastNumber <= :last',
      names: { '#counted': 'counted' },
      values: { ':last': lastNumber, ':no': false },
    }),

  /** Sets the final number of the last batch, and that nothing more is on its way. */
  seal: (at: number, lastNumber: number): ItemChange =>
    onlyIfThere({
      update: 'SET sealAfter = :at, lastNumber = :last, #counted = :yes',
      names: { '#counted': 'counted' },
      values: { ':at': at, ':last': lastNumber, ':yes': true },
    }),

  /** Sets the final number of the last batch of a run that did not seal itself, only growing. */
  count: (lastNumber: number): ItemChange =>
    onlyIfThere({
      update: 'SET lastNumber = :last, #counted = :yes',
      condition: 'attribute_not_exists(lastNumber) OR lastNumber <= :last',
      names: { '#counted': 'counted' },
      values: { ':last': lastNumber, ':yes': true },
    }),

  /** Counts one more try at the batch that was tried last. `readTries` reads the answer. */
  tryAgain: (destination: string, number: number): ItemChange => ({
    update: 'SET tries.#destination.#count = tries.#destination.#count + :one',
    condition: 'tries.#destination.#number = :number',
    names: { '#destination': destination, '#number': 'number', '#count': 'count' },
    values: { ':one': 1, ':number': number },
    returning: 'UPDATED_NEW',
  }),

  /** Counts the first try at a batch, in place of the tries at another. */
  tryFirst: (destination: string, number: number): ItemChange =>
    onlyIfThere({
      update: 'SET tries.#destination = :first',
      names: { '#destination': destination },
      values: { ':first': { number, count: 1 } },
    }),

  clearTries: (destination: string): ItemChange =>
    onlyIfThere({ update: 'REMOVE tries.#destination', names: { '#destination': destination } }),
} as const;

/** @param changed what a `tryAgain` answered */
export function readTries(changed: StreamItem | undefined, destination: string): number {
  const tries = changed?.tries as Readonly<Record<string, { readonly count: number }>> | undefined;
  return tries?.[destination]?.count ?? 0;
}

function onlyIfThere(change: ItemChange): ItemChange {
  const and = change.condition === undefined ? '' : ` AND (${change.condition})`;
  return { ...change, condition: itemExists + and, names: { ...itemName, ...change.names } };
}
