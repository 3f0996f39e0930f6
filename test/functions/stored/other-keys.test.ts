import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  backupCopyPrefix,
  backupDestinationFolder,
  backupErrorPrefix,
  readBackupKey,
} from '../../../functions/stored/backup-key.ts';
import { deliveredDestinationFolder } from '../../../functions/stored/delivered-key.ts';
import { dataPrefix, prefixOfHour } from '../../../functions/stored/hourly-prefix.ts';
import {
  recoveredHour,
  recoveryRun,
  recoveryRuns,
  recoveryRunsOf,
} from '../../../functions/stored/recovery-run.ts';
import {
  readReplayedKey,
  readReplayMark,
  readReplayNoteKey,
  readReplayPart,
  replayedKey,
  replayNoteKey,
  writeReplayMark,
  writeReplayPart,
} from '../../../functions/stored/replayed-key.ts';
import { anyName } from './hostile-names.ts';

const owner = fc.record({ streamName: anyName, destination: anyName });
const anyTime = fc.integer({ min: 0, max: 4_000_000_000_000 });

test('a backup tells whose it is, and a copy from what a destination did not take', () => {
  fc.assert(
    fc.property(owner, anyTime, anyName, (of, time, object) => {
      const errors = prefixOfHour(backupErrorPrefix(of), time).replace(
        '!{firehose:error-output-type}',
        'splunk-failed',
      );
      const copies = prefixOfHour(backupCopyPrefix(of), time);

      expect(readBackupKey(errors + object)).toEqual({ ...of, isCopy: false });
      expect(readBackupKey(copies + object)).toEqual({ ...of, isCopy: true });
      expect(readBackupKey(backupDestinationFolder(of))).toEqual({ ...of, isCopy: false });
    }),
  );
});

test('a note of a replay tells the object that it is about, and none of another destination', () => {
  fc.assert(
    fc.property(owner, anyName, fc.string(), (of, other, key) => {
      fc.pre(other !== of.destination);
      const notes = { note: 'marks' as const, ...of };

      expect(readReplayNoteKey(notes, replayNoteKey(notes, key))).toBe(key);
      expect(readReplayNoteKey({ ...notes, destination: other }, replayNoteKey(notes, key))).toBeUndefined();
      expect(readReplayNoteKey({ ...notes, note: 'parts' }, replayNoteKey(notes, key))).toBeUndefined();
    }),
  );
});

test('a moved object tells where it waited', () => {
  fc.assert(
    fc.property(fc.string(), (key) => {
      expect(readReplayedKey(replayedKey(key))).toBe(key);
    }),
  );
});

const anyPart = fc.record({ events: fc.nat(), oversized: fc.nat(), leftOut: fc.array(fc.nat()) });

test('how far a replay has got is read as it was written', () => {
  fc.assert(
    fc.property(anyPart, anyTime, (part, at) => {
      expect(readReplayPart(writeReplayPart(part, at))).toEqual(part);
      expect(readReplayMark(writeReplayMark(part.leftOut, at))).toEqual(part.leftOut);
    }),
  );
});

test('notes of earlier versions, which name no event that was left out, are read', () => {
  const at = '"at":"2026-03-02T09:00:00.000Z"';

  expect(readReplayMark(Buffer.from(`{${at}}`))).toEqual([]);
  expect(readReplayPart(Buffer.from(`{"events":5,"oversized":1,${at}}`))).toEqual({
    ...{ events: 5, oversized: 1, leftOut: [] },
  });
});

test("a recovery run tells its hour, and a collector's run tells none", () => {
  fc.assert(
    fc.property(anyTime, fc.uuid(), fc.integer({ min: 1, max: 30 }), (time, id, again) => {
      const hour = time - (time % 3_600_000);
      const run = recoveryRun(hour, '00000000a1b2c3d4', again);

      expect(recoveredHour(run)).toBe(hour);
      expect(run.startsWith(recoveryRunsOf(hour)) && run.startsWith(recoveryRuns)).toBe(true);
      expect(recoveredHour(id)).toBeUndefined();
    }),
  );
});

test('data lie by type, day and hour of arrival', () => {
  const folder = deliveredDestinationFolder({ streamName: 'relay-cis', destination: 's3' });

  expect(prefixOfHour(dataPrefix(folder, 'cis'), Date.UTC(2026, 2, 2, 9, 59))).toBe(
    'delivered/relay-cis/s3/type=cis/dt=2026-03-02/hr=09/',
  );
});
