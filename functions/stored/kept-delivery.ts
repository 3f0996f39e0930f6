import { type ItemChange, itemKey, type StreamItem } from './stream-item.ts';

/** A delivery stream whose destination has left the settings: a `KEPT` item, which no time to live removes. */
export interface KeptDelivery extends KeptDeliveryId {
  /** The name of the delivery stream, which ends with the mark. */
  readonly deliveryStream: string;
  /** When CloudFormation let go of it, in ms since the epoch. */
  readonly removedAt: number;
  /** Objects that were written up to this moment are known to the copier's queue, in ms since the epoch. */
  readonly toldUntil: number;
  /** URLs of the copier's queues; absent where Firehose delivers by itself. */
  readonly queueUrl?: string;
  readonly deadLetterUrl?: string;
  /** What the name of its copier would end with, from which that of its log group follows. Absent means the mark. */
  readonly copierEnd?: string;
}

export interface KeptDeliveryId {
  /** The stream's stable name. */
  readonly streamName: string;
  readonly destination: string;
  /** Eight hexadecimal digits, by which it differs from others of its destination. */
  readonly mark: string;
}

/** The partition of all items of kept delivery streams. No stream can have the name. */
export const keptPartition = '#kept';

/** The key of an item, in plain values. */
export function keptKey({ streamName, destination, mark }: KeptDeliveryId): StreamItem {
  return itemKey(keptPartition, `${keptPrefix}${streamName}/${destination}/${mark}`);
}

const keptPrefix = 'KEPT#';

export function isKeptKey(item: string): boolean {
  return item.startsWith(keptPrefix);
}

/** Writes the item. An item that is there already stays as it is, unless it was taken back. */
export function writeKept(kept: KeptDelivery): ItemChange {
  const { streamName, destination, mark, ...facts } = kept;
  const given = Object.entries({ ofStream: streamName, destination, mark, ...facts }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    update: `SET ${given.map(([name]) => `#${name} = :${name}`).join(', ')} REMOVE takenBack`,
    condition: 'attribute_not_exists(removedAt) OR attribute_exists(takenBack)',
    names: Object.fromEntries(given.map(([name]) => [`#${name}`, name])),
    values: Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
  };
}

/** Writes an item that is missing, or that does not tell the copier's queue, of a delivery stream that has a copier. */
export function writeKeptAgain(kept: KeptDelivery & { readonly queueUrl: string }): ItemChange {
  return { ...writeKept(kept), condition: 'attribute_not_exists(queueUrl) OR attribute_exists(takenBack)' };
}

/** Notes that the stack has the delivery stream after all. Without an item nothing is written. */
export const takeKeptBack: ItemChange = {
  update: 'SET takenBack = :true',
  condition: 'attribute_exists(removedAt)',
  values: { ':true': true },
};

/** Notes how far the copier's queue knows the objects. */
export function writeToldUntil(toldUntil: number): ItemChange {
  return {
    update: 'SET toldUntil = :until',
    condition: 'attribute_exists(removedAt)',
    values: { ':until': toldUntil },
  };
}

/** @returns undefined for an item that was taken back */
export function readKept(item: StreamItem): KeptDelivery | undefined {
  if (item.takenBack === true) return undefined;
  const textOf = (name: string) => (item[name] === undefined ? {} : { [name]: String(item[name]) });
  return {
    streamName: String(item.ofStream),
    destination: String(item.destination),
    mark: String(item.mark),
    deliveryStream: String(item.deliveryStream),
    removedAt: Number(item.removedAt),
    toldUntil: Number(item.toldUntil),
    ...textOf('queueUrl'),
    ...textOf('deadLetterUrl'),
    ...textOf('copierEnd'),
  };
}
