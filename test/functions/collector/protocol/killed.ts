/** Counts the calls that leave a program through its ports, and stops it dead before or after one of them. */
export interface KillSwitch {
  /** The same port, whose every method counts as one outside effect. */
  wrap<Port extends object>(name: string, port: Port): Port;
  /** The effects so far, as `state.open`, `journal.put`, … in order. */
  readonly effects: readonly string[];
  /** Resolves when the program has been killed; a killed program's calls never return. */
  readonly killed: Promise<void>;
}

/**
 * @param at the effect, 0.., that is its last
 * @param moment `before`: that effect does not happen; `after`: it happens and its answer is never seen
 */
export function killSwitch(at = Number.POSITIVE_INFINITY, moment: 'before' | 'after' = 'before'): KillSwitch {
  const effects: string[] = [];
  const { promise: killed, resolve: kill } = Promise.withResolvers<void>();
  const never = new Promise<never>(() => undefined);
  let dead = false;

  const effect = async (name: string, call: () => unknown): Promise<unknown> => {
    if (dead) return never;
    const mine = effects.push(name) - 1;
    if (mine !== at) {
      const result = await call();
      return dead ? never : result;
    }
    dead = true;
    // Also when it was refused: the program dies before it hears of that.
    if (moment === 'after') await Promise.allSettled([call()]);
    kill();
    return never;
  };

  return { effects, killed, wrap: wrapper(effect) };
}

/** Counts the same way, kills nothing, and tells of each effect just before it happens. */
export function watchEffects(before: (at: number, name: string) => void): KillSwitch {
  const effects: string[] = [];
  const effect = async (name: string, call: () => unknown): Promise<unknown> => {
    before(effects.push(name) - 1, name);
    return call();
  };
  return { effects, killed: new Promise(() => undefined), wrap: wrapper(effect) };
}

function wrapper(effect: (name: string, call: () => unknown) => Promise<unknown>): KillSwitch['wrap'] {
  return (name, port) =>
    new Proxy(port, {
      get: (target, property) => {
        const member = Reflect.get(target, property) as unknown;
        if (isGroup(member, property)) return wrapper(effect)(name, member);
        if (typeof member !== 'function' || (property === 'close' && name === 'source')) return member;
        return (...args: unknown[]) =>
          effect(`${name}.${String(property)}`, () => member.apply(target, args));
      },
    });
}

/** The state's methods stand in groups, by what an item is about. */
function isGroup(member: unknown, property: string | symbol): member is object {
  return typeof member === 'object' && member !== null && property !== 'stored';
}
