/**
 * Lets a function's process wait by the run's clock. While nothing is under way in it but timers and calls to servers
 * of this machine, it tells its host how long until the first timer, and which servers have not answered. The host may
 * move the clock there: what then is due fires at once.
 *
 * Loaded with `node --import` after the preload of the clock, in a process with an IPC channel. Like that it imports
 * and exports nothing, and leaves alone what timers are to somebody who does not look: handles, order, `unref`.
 */
const [realSet, realClear] = [globalThis.setTimeout, globalThis.clearTimeout];
const offsetKey = Symbol.for('cdk-loopback.set-clock-offset');
const setOffset = (globalThis as Record<symbol, ((ms: number) => void) | undefined>)[offsetKey];

interface Sleep {
  readonly dueAt: number;
  readonly run: () => void;
  /** Another one than the handle once the clock was moved. */
  timer: NodeJS.Timeout;
}

const sleeps = new Map<unknown, Sleep>();
/** Short: a run that is paced at a quota sleeps for each second's worth of bytes. */
const lookEveryMs = 1;
let looking: NodeJS.Timeout | undefined;
let idleLooks = 0;
let told: string | undefined;
let moves = 0;

function setSleep(task: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): NodeJS.Timeout {
  const run = () => {
    sleeps.delete(handle);
    task(...args);
  };
  const handle = realSet(run, ms);
  sleeps.set(handle, { dueAt: Date.now() + ms, run, timer: handle });
  looking ??= setInterval(look, lookEveryMs).unref();
  return handle;
}

function clearSleep(handle: NodeJS.Timeout | string | number | undefined): void {
  realClear(sleeps.get(handle)?.timer ?? handle);
  sleeps.delete(handle);
}

function look(): void {
  if (sleeps.size === 0) {
    clearInterval(looking);
    looking = undefined;
  }
  const ports = portsWaitedFor();
  idleLooks = ports === undefined ? 0 : idleLooks + 1;
  // Twice, lest what goes on from here to there be taken for nothing.
  if (ports === undefined || idleLooks < 2) {
    if (told !== undefined) process.send?.({ moves, waiting: null });
    told = undefined;
    return;
  }
  const dueAt = Math.min(...[...sleeps.values()].map((sleep) => sleep.dueAt));
  const state = `${dueAt} ${ports.join()}`;
  if (state !== told)
    process.send?.({ moves, waiting: { asleepMs: Math.max(0, dueAt - Date.now()), ports } });
  told = state;
}

/**
 * The servers whose answers are all that goes on beside known timers; undefined where anything else does, which shows
 * as one more resource. Pipes are the standard ones.
 */
function portsWaitedFor(): readonly number[] | undefined {
  const resources = process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap');
  const known = [...sleeps.values()].filter(({ timer }) => timer.hasRef()).length;
  const sockets = resources.filter((name) => name === 'TCPSocketWrap').length;
  const timers = resources.filter((name) => name === 'Timeout').length;
  if (sleeps.size === 0 || timers !== known || resources.length !== known + sockets) return undefined;
  if (sockets === 0) return [];
  const ports = activeHandles().flatMap(({ remotePort }) => remotePort ?? []);
  return ports.length === sockets ? ports.sort() : undefined;
}

/** Node documents no other way to tell which sockets keep a process alive. */
function activeHandles(): readonly { readonly remotePort?: number }[] {
  const node = process as unknown as { _getActiveHandles(): readonly { readonly remotePort?: number }[] };
  return node._getActiveHandles();
}

function onClockMoved({ clockOffsetMs }: { readonly clockOffsetMs: number }): void {
  moves += 1;
  told = undefined;
  idleLooks = 0;
  moveClock(clockOffsetMs);
}

/** Sets the clock, as the host does for each invocation too: a timer that an earlier one left behind may be due then. */
function moveClock(clockOffsetMs: number): void {
  setOffset?.(clockOffsetMs);
  const now = Date.now();
  for (const sleep of [...sleeps.values()].sort((a, b) => a.dueAt - b.dueAt)) {
    const timer = realSet(sleep.run, Math.max(0, sleep.dueAt - now));
    if (!sleep.timer.hasRef()) timer.unref();
    realClear(sleep.timer);
    sleep.timer = timer;
  }
}

Object.defineProperties(setSleep, Object.getOwnPropertyDescriptors(realSet));
const patched = { setTimeout: setSleep, clearTimeout: clearSleep };
Object.assign(globalThis, patched);
Object.assign(process.getBuiltinModule('node:timers'), patched);
process.getBuiltinModule('node:module').syncBuiltinESMExports();
Object.defineProperty(globalThis, offsetKey, { value: moveClock });
process.on('message', onClockMoved);
// Listening alone must not keep the process alive.
process.channel?.unref();
