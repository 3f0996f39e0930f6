/**
 * Turns Ctrl-C and SIGTERM into an abort. The second signal ends the process at once.
 *
 * @returns `signal` aborts with an `Interrupted`; call `dispose` when the run is over
 */
export function listenForInterrupt(process: InterruptibleProcess): Interrupt {
  const controller = new AbortController();
  const listeners = (['SIGINT', 'SIGTERM'] as const).map((name) => {
    const listener = (): void => {
      const exitCode = name === 'SIGINT' ? 130 : 143;
      if (controller.signal.aborted) process.exit(exitCode);
      controller.abort(new Interrupted(exitCode));
    };
    process.on(name, listener);
    return { name, listener };
  });
  return {
    signal: controller.signal,
    dispose() {
      for (const { name, listener } of listeners) process.off(name, listener);
    },
  };
}

export interface Interrupt {
  readonly signal: AbortSignal;
  dispose(): void;
}

/** The reason of an aborted run; `exitCode` is the one that shells expect for it. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('interrupted');
    this.name = 'Interrupted';
    this.exitCode = exitCode;
  }
}

type InterruptibleProcess = Pick<NodeJS.Process, 'on' | 'off' | 'exit'>;

/** Settles as the work does, or rejects with the signal's reason as soon as it aborts. */
export async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  // Closing the world makes the abandoned work fail, and its failure is of no interest by then.
  work.catch(() => {});
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
