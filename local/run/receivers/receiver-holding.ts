import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { deliveredDestinationFolder } from '../../../functions/stored/delivered-key.ts';
import type { Holding } from '../compared-sets.ts';
import { eachLineOf, keepObject } from '../delivered-files.ts';
import { readDeliveredLine } from '../delivered-line.ts';
import { isEventId } from '../id-table.ts';
import type { HeldObject } from './receiver-kind.ts';
import type { DestinationReceiver } from './start-receivers.ts';

/**
 * Reads the lines that a receiver holds of one destination, and leaves them in the folder of delivered objects:
 * objects under their names, and lines in `<host>/<stream>-<destination>.ndjson`.
 */
export function receiverHolding(options: ReceiverHoldingOptions): Holding {
  const { kind, name, received } = options;
  const isOwn = isOwnLine(options);
  return {
    kind,
    name,
    async eachLine(visit) {
      const ownOnly = (line: Buffer, isRedated?: boolean): void => {
        if (isOwn(line)) visit(line, isRedated);
      };
      const { objects } = received;
      if (objects !== undefined) await eachLineOfObjects(objects(), options, ownOnly);
      else await eachLineKept(options, ownOnly);
    },
  };
}

/** Visits the ids of a destination's events that its receiver has refused or dropped for their time. */
export function eachIdRefusedForTime(
  { received, streamIds }: Pick<ReceiverHoldingOptions, 'received' | 'streamIds'>,
  visit: (id: string) => void,
): void {
  received.receiver.eachRefusedForTime?.((bytes) => {
    const line = readDeliveredLine(bytes);
    if (line === undefined || !isEventId(line.id)) return;
    if (!received.shared || isOf(streamIds, line.stream)) visit(line.id);
  });
}

export interface ReceiverHoldingOptions {
  readonly kind: string;
  /** The destination's name within the stream. */
  readonly name: string;
  /** The stream's name in the relay. */
  readonly stream: string;
  /** The ids that the stream has had in Mosaic: every line carries the one under which its event was collected. */
  readonly streamIds: readonly string[];
  readonly received: DestinationReceiver;
  /** Absolute. */
  readonly folder: string;
}

function isOf(streamIds: readonly string[], stream: string | undefined): boolean {
  return stream !== undefined && streamIds.includes(stream);
}

async function eachLineOfObjects(
  objects: Iterable<HeldObject>,
  { stream, name, folder }: ReceiverHoldingOptions,
  visit: (line: Buffer) => void,
): Promise<void> {
  for (const object of objects) {
    // An object keeps the name that it had in S3.
    if (!object.key.startsWith(deliveredDestinationFolder({ streamName: stream, destination: name })))
      continue;
    await eachLineOf(await keepObject(folder, object), visit);
  }
}

async function eachLineKept(
  { stream, name, received, folder }: ReceiverHoldingOptions,
  visit: (line: Buffer, isRedated?: boolean) => void,
): Promise<void> {
  const file = openSync(linesFile({ stream, name, received, folder }), 'w');
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  const write = (): void => {
    writeSync(file, Buffer.concat(waiting));
    waiting = [];
    waitingBytes = 0;
  };
  try {
    await received.receiver.eachLine((line, isRedated) => {
      visit(line, isRedated);
      waiting.push(line, lineBreak);
      waitingBytes += line.length;
      if (waitingBytes > mostWaitingBytes) write();
    });
    write();
  } finally {
    closeSync(file);
  }
}

/** The file of a destination's lines in the folder of delivered objects, whose own folder is made. */
export function linesFile(
  of: Pick<ReceiverHoldingOptions, 'stream' | 'name' | 'received' | 'folder'>,
): string {
  const place = join(of.folder, hostOf(of.received.origin));
  mkdirSync(place, { recursive: true });
  return join(place, `${of.stream}-${of.name}.ndjson`);
}

/** True for a line of the stream: several streams may go to one receiver. */
export function isOwnLine({ received, streamIds }: Pick<ReceiverHoldingOptions, 'received' | 'streamIds'>) {
  return (line: Buffer): boolean => !received.shared || isOf(streamIds, readDeliveredLine(line)?.stream);
}

const lineBreak = Buffer.from('\n');
const mostWaitingBytes = 1024 * 1024;

/** The host of an origin; of an OpenSearch domain's ARN, its name. */
function hostOf(origin: string): string {
  return URL.canParse(origin) && origin.startsWith('https:')
    ? new URL(origin).hostname
    : origin.slice(origin.lastIndexOf('/') + 1);
}
