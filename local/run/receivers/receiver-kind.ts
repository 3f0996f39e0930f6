import type { AwsIdentity, Receiver } from '@mosaic-relay/siem-receivers';
import type { DeclaredDestination } from './declared-destinations.ts';
import type { SecretStore } from './secret-store.ts';

/**
 * How the receiver of one protocol is found in the template and started. To add one, write a file that exports it
 * and name it in `receiver-kinds.ts`.
 */
export interface ReceiverKind {
  /** Undefined where the destination goes elsewhere. */
  address(destination: DeclaredDestination): ReceiverAddress | undefined;
  /** @param destinations those of one address, one or more */
  start(destinations: readonly DeclaredDestination[], means: ReceiverMeans): Promise<StartedReceiver>;
}

export interface ReceiverAddress {
  /** What the template names: https origins, or the ARN of an OpenSearch domain. */
  readonly origins: readonly string[];
  /** Destinations of the same origins share a receiver if this is the same too, and cannot be run together if not. */
  readonly shared: string;
}

export interface ReceiverMeans {
  readonly clock: { now(): number };
  readonly accountId: string;
  /** Tokens and keys of the run. */
  readonly secrets: SecretStore;
  /** Who holds an access key of this run; nobody does before the world exists. */
  readonly identify: (accessKeyId: string) => AwsIdentity | undefined;
  /** Of the delivery stream of this logical id. */
  readonly roleArnOf: (destination: DeclaredDestination) => string;
}

export interface StartedReceiver {
  readonly receiver: Receiver;
  /** Where what it holds are objects with names. */
  readonly objects?: () => Iterable<HeldObject>;
  /** What can go wrong at this one beside what can go wrong at all. */
  readonly troubles?: readonly Trouble[];
}

export interface HeldObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: Uint8Array;
}

/** A fault of one protocol that a run may switch on. */
export interface Trouble {
  readonly name: string;
  /** Switches it on; how much of it follows from `amount`, 0 <= amount < 1. @returns what switches it off */
  begin(amount: number): () => void;
}
