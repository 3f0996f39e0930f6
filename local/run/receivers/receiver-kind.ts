import type { AwsIdentity, Receiver } from '@mosaic-relay/siem-receivers';
import type { DeclaredDestination } from './declared-destinations.ts';
import type { SecretStore } from './secret-store.ts';

/**
 * A protocol's receiver: how it is found in the template and started. To add one, write a file that exports it and
 * name it in `receiver-kinds.ts`.
 */
export interface ReceiverKind {
  /** The receiver's address; undefined where the destination speaks another protocol. */
  address(destination: DeclaredDestination): ReceiverAddress | undefined;
  /** Starts a receiver. @param destinations the destinations of one address, one or more */
  start(destinations: readonly DeclaredDestination[], means: ReceiverMeans): Promise<StartedReceiver>;
}

export interface ReceiverAddress {
  /** The addresses in the template: https origins, or the ARN of an OpenSearch domain. */
  readonly origins: readonly string[];
  /** Destinations of the same origins share a receiver if this is the same too, and cannot be run together if not. */
  readonly shared: string;
}

export interface ReceiverMeans {
  readonly clock: { now(): number };
  readonly accountId: string;
  /** Tokens and keys of the run. */
  readonly secrets: SecretStore;
  /** Finds the holder of an access key of this run; undefined before the world exists. */
  readonly identify: (accessKeyId: string) => AwsIdentity | undefined;
  /** The role's ARN of the delivery stream with this logical id. */
  readonly roleArnOf: (destination: DeclaredDestination) => string;
}

export interface StartedReceiver {
  readonly receiver: Receiver;
  /** The named objects that it holds, where it stores objects. */
  readonly objects?: () => Iterable<HeldObject>;
  /** Faults of this receiver beside those that all have. */
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
  /**
   * Switches the fault on; its strength follows from `amount`, 0 <= amount < 1. @returns a function that switches
   * it off
   */
  begin(amount: number): () => void;
}
