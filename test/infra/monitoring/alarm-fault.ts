import { expect } from 'vitest';
import { hourMs, type WatchedStage } from './watched-stage.ts';

/** Something that goes wrong, and the alarms that are for it. */
export interface AlarmFault {
  readonly what: string;
  /** Names without the stage's. */
  readonly alarms: readonly string[];
  begin(stage: WatchedStage): unknown;
  /** Sets it right, as an operator would. */
  end(stage: WatchedStage): unknown;
  /** Hours until all of them are red, and then until none is; 4 when absent. */
  readonly withinHours?: number;
}

/** Each alarm goes to ALARM, though perhaps not all at once, and back to OK once the fault has been set right. */
export async function expectRedThenGreen(stage: WatchedStage, fault: AlarmFault): Promise<void> {
  const { alarms, begin, end, withinHours = 4 } = fault;
  const neverRed = new Set(alarms);
  const before = stage.alarmsIn('ALARM').filter((name) => neverRed.has(name));
  expect(before, 'red before anything went wrong').toEqual([]);

  try {
    await begin(stage);
    await stage.until(() => {
      for (const name of stage.alarmsIn('ALARM')) neverRed.delete(name);
      return neverRed.size === 0;
    }, withinHours * hourMs);
    expect([...neverRed], 'never red').toEqual([]);
  } finally {
    // So that the next fault is alone.
    await end(stage);
  }
  const stillRed = () => alarms.filter((name) => !stage.alarmsIn('OK').includes(name));
  await stage.until(() => stillRed().length === 0, withinHours * hourMs);
  expect(stillRed(), 'never back').toEqual([]);
}
