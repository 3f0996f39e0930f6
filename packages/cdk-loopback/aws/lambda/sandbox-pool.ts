import type { FunctionDefinition } from './function-definition.ts';
import type { Sandbox } from './sandbox.ts';

/** The processes of all functions: those at work, and those kept warm. */
export interface SandboxPool {
  /** A warm process of just this version, or else a new one. */
  take(definition: FunctionDefinition, options: TakeOptions): Promise<TakenSandbox>;
  /** Keeps it warm, unless it has ended or its version is no longer current. */
  giveBack(definition: FunctionDefinition, sandbox: Sandbox): void;
  alive(): readonly Sandbox[];
  /** Ends idle processes of the versions that match. */
  recycle(matches: (definition: FunctionDefinition) => boolean): Promise<void>;
  /** Ends every process, those that are just being started too. */
  close(): Promise<void>;
}

export interface TakeOptions {
  /** Starts a process even where a warm one is idle. */
  readonly cold: boolean;
  readonly skewMs: number;
}

export interface TakenSandbox {
  readonly sandbox: Sandbox;
  readonly warm: boolean;
}

export interface SandboxPoolOptions {
  readonly start: (definition: FunctionDefinition, skewMs: number) => Promise<Sandbox>;
  readonly isCurrent: (definition: FunctionDefinition) => boolean;
}

export function createSandboxPool({ start, isCurrent }: SandboxPoolOptions): SandboxPool {
  const all = new Set<Sandbox>();
  const idle = new Map<FunctionDefinition, Sandbox[]>();
  let closed = false;

  const takeIdle = (definition: FunctionDefinition): Sandbox | undefined => {
    const waiting = idle.get(definition) ?? [];
    for (let sandbox = waiting.pop(); sandbox !== undefined; sandbox = waiting.pop()) {
      if (sandbox.alive) return sandbox;
      all.delete(sandbox);
    }
    return undefined;
  };
  const discard = async (sandboxes: readonly Sandbox[]) => {
    await Promise.all(sandboxes.map((sandbox) => sandbox.discard()));
    for (const sandbox of sandboxes) all.delete(sandbox);
  };

  return {
    take: async (definition, { cold, skewMs }) => {
      const warm = cold ? undefined : takeIdle(definition);
      if (warm !== undefined) return { sandbox: warm, warm: true };
      const sandbox = await start(definition, skewMs);
      all.add(sandbox);
      if (closed) await sandbox.discard();
      return { sandbox, warm: false };
    },
    giveBack: (definition, sandbox) => {
      if (sandbox.alive && isCurrent(definition)) {
        idle.set(definition, [...(idle.get(definition) ?? []), sandbox]);
        return;
      }
      sandbox.kill('killed');
      all.delete(sandbox);
    },
    alive: () => [...all].filter((sandbox) => sandbox.alive),
    recycle: async (matches) => {
      const definitions = [...idle.keys()].filter(matches);
      await Promise.all(definitions.map((definition) => discard((idle.get(definition) ?? []).splice(0))));
      for (const definition of definitions) if (!isCurrent(definition)) idle.delete(definition);
    },
    close: async () => {
      closed = true;
      await discard([...all]);
    },
  };
}
