/**
 * Shifts what `Date` says in a function's process, and nothing else: timers, `performance` and `hrtime` stay the
 * machine's. Loaded with `node --import` before any code of the function, so that no module can keep the real
 * `Date`. The first offset is the argument `--clock-offset=<ms>`; the runtime client sets it anew per invocation.
 *
 * It imports nothing and exports nothing, so that it can be loaded as one file of its own.
 */
const RealDate = Date;
const argument = process.argv.find((text) => text.startsWith('--clock-offset='));
let offsetMs = Number(argument?.slice('--clock-offset='.length) ?? 0);

const shiftedNow = () => RealDate.now() + offsetMs;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [shiftedNow()] : args, newTarget),
  apply: () => new RealDate(shiftedNow()).toString(),
  get: (target, property, receiver) =>
    property === 'now' ? shiftedNow : Reflect.get(target, property, receiver),
});
// `x.constructor` would otherwise lead back to the real one.
Object.defineProperty(RealDate.prototype, 'constructor', {
  value: globalThis.Date,
  configurable: true,
  writable: true,
});

Object.defineProperty(globalThis, Symbol.for('cdk-loopback.set-clock-offset'), {
  value: (ms: number) => {
    offsetMs = ms;
  },
  configurable: true,
});

export type SetClockOffset = (ms: number) => void;
