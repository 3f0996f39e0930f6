import type { VirtualClock } from '../clock/virtual-clock.ts';

/** Messages that were received and not yet deleted, hidden on the run's clock. */
export interface Visibility {
  /** Hides a message anew for so long, and then has it come back. */
  hide(message: HiddenMessage, seconds: number): void;
  /** It was deleted, or comes back by other means. */
  forget(receiptHandle: string): void;
  close(): void;
}

export interface HiddenMessage {
  readonly queueUrl: string;
  readonly receiptHandle: string;
}

/** @param reveal makes a message visible now */
export function createVisibility(
  clock: Pick<VirtualClock, 'now' | 'at'>,
  reveal: (message: HiddenMessage) => Promise<void>,
): Visibility {
  const cancels = new Map<string, () => void>();
  const forget = (receiptHandle: string): void => {
    cancels.get(receiptHandle)?.();
    cancels.delete(receiptHandle);
  };
  return {
    forget,
    hide(message, seconds) {
      forget(message.receiptHandle);
      const cancel = clock.at(clock.now() + seconds * 1_000, () => {
        cancels.delete(message.receiptHandle);
        return reveal(message);
      });
      cancels.set(message.receiptHandle, cancel);
    },
    close() {
      for (const cancel of cancels.values()) cancel();
      cancels.clear();
    },
  };
}
