import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { Interrupted, listenForInterrupt, untilAborted } from '../../../local/run/interrupt.ts';

describe('an interrupt', () => {
  test('aborts at the first signal and ends the process at the second', () => {
    const exits: number[] = [];
    const process = Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) });
    const { signal, dispose } = listenForInterrupt(process as never);
    process.emit('SIGINT');
    expect(signal.reason).toMatchObject({ exitCode: 130 });
    expect(exits).toEqual([]);
    process.emit('SIGINT');
    expect(exits).toEqual([130]);
    dispose();
    expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual([0, 0]);
  });

  test("rejects at once with the signal's reason, whatever becomes of the work", async () => {
    const controller = new AbortController();
    const work = Promise.withResolvers<never>();
    const outcome = untilAborted(controller.signal, work.promise);
    controller.abort(new Interrupted(130));
    await expect(outcome).rejects.toMatchObject({ exitCode: 130 });
    work.reject(new Error('its world was closed'));
  });

  test('that came before the work did lets the work fail in silence too', async () => {
    const signal = AbortSignal.abort(new Interrupted(143));
    const work = Promise.reject(new Error('its world was closed'));
    await expect(untilAborted(signal, work)).rejects.toMatchObject({ exitCode: 143 });
  });

  test('that never comes changes nothing', async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(signal, Promise.resolve(1))).toBe(1);
    await expect(untilAborted(signal, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
