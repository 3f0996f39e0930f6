import { expect } from 'vitest';
import { hourMs, type WatchedStage } from './watched-stage.ts';

/** Something that goes wrong, and the alarms that are for it. */
export interface AlarmFault {
  readonly what: string;
  /** Names without the stage's. */
  readonly alarms: readonly string[];
  /** Those of them whose articles show this fault; all when absent. */
  readonly shown?: readonly string[];
  begin(stage: WatchedStage): unknown;
  /** Sets it right, as an operator would. */
  end(stage: WatchedStage): unknown;
  /** Hours until all of them are red, and then until none is; 4 when absent. */
  readonly withinHours?: number;
}

/**
 * Each alarm goes to ALARM, though perhaps not all at once, and back to OK once the fault has been set right.
 *
 * @param whenRed performed for each that is shown as soon as it is red, while time stands still
 */
export async function expectRedThenGreen(
  stage: WatchedStage,
  fault: AlarmFault,
  whenRed: (name: string) => Promise<void> = async () => undefined,
): Promise<void> {
  const { alarms, begin, end, withinHours = 4 } = fault;
  const neverRed = new Set(alarms);
  const redNow = () => stage.alarmsIn('ALARM').filter((name) => neverRed.has(name));
  expect(redNow(), 'red before anything went wrong').toEqual([]);

  try {
    await begin(stage);
    const until = stage.world.clock.now() + withinHours * hourMs;
    while (await stage.until(() => redNow().length > 0, until - stage.world.clock.now())) {
      for (const name of redNow()) {
        neverRed.delete(name);
        if (fault.shown?.includes(name) ?? true) await whenRed(name);
      }
      if (neverRed.size === 0) break;
    }
    expect([...neverRed], 'never red').toEqual([]);
  } finally {
    // So that the next fault is alone.
    await end(stage);
  }
  const stillRed = () => alarms.filter((name) => !stage.alarmsIn('OK').includes(name));
  await stage.until(() => stillRed().length === 0, withinHours * hourMs);
  expect(stillRed(), 'never back').toEqual([]);
}
