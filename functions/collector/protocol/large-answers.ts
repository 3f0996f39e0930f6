/**
 * Room in memory for large answers: as many at once as come to the size of one that is just accepted, and each in the
 * order in which room was asked for. So a destination that is slow with one holds up no other.
 *
 * Answers of 8 MiB and less, such as a thousand events of 3 KB, need no room. A large one may take a quarter of the
 * function's memory decompressed, and once more as lines.
 */
export interface LargeAnswers {
  /**
   * Resolves when there is room for an answer of so many bytes, decompressed.
   *
   * @returns what gives the room back, to be called once
   */
  room(bytes: number): Promise<() => void>;
}

/** @param roomBytes what an answer may decompress to; one that says that it is larger takes all of the room */
export function createLargeAnswers(roomBytes: number): LargeAnswers {
  let free = roomBytes;
  const waiting: { readonly bytes: number; readonly enter: () => void }[] = [];
  const enterNext = (): void => {
    while (waiting.length > 0 && waiting[0]!.bytes <= free) {
      const { bytes, enter } = waiting.shift()!;
      free -= bytes;
      enter();
    }
  };
  return {
    async room(asked) {
      const bytes = Math.min(asked, roomBytes);
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ bytes, enter: resolve });
      enterNext();
      await promise;
      return () => {
        free += bytes;
        enterNext();
      };
    },
  };
}

/** The cap of the settings as bytes. */
export function decompressedCapBytes({
  decompressedCapMiB,
}: {
  readonly decompressedCapMiB: number;
}): number {
  return decompressedCapMiB * 1024 * 1024;
}
