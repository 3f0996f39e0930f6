import type { AwsCall, Interference } from '@mosaic-relay/cdk-loopback';
import type { FaultyStage } from '../../../local/run/fault-set.ts';
import type { EverythingPlan } from './draw-faults.ts';
import type { FaultInjector } from './fault-injector.ts';

/**
 * Lets the keys of views be refused for a time, and be malformed for another, after which they are new ones: the lines of
 * one run are made with two keys. A process reads its keys once, so every idle process is ended when such a time begins.
 */
export function createViewKeyFaults(
  injector: FaultInjector,
  { viewKeys }: Pick<EverythingPlan, 'viewKeys'>,
): ViewKeyFaults {
  let isDenied = false;
  let keys: ReadonlySet<string> = new Set();
  return {
    begin({ world, streams }) {
      keys = new Set(Object.values(world.views).flatMap(({ key }) => key ?? []));
      if (viewKeys === undefined) return;
      const { clock, lambda, secrets } = world;
      const startedAt = clock.now();
      const at = (fromMs: number, act: () => void) => clock.at(startedAt + fromMs, act);
      const meet = (name: string) => {
        for (const stream of streams) {
          injector.note(stream, name);
          void lambda.recycle(stream.functionName);
        }
      };
      at(viewKeys.denied.fromMs, () => {
        isDenied = true;
        meet('keys of views that may not be read');
      });
      at(viewKeys.denied.toMs, () => {
        isDenied = false;
      });
      at(viewKeys.malformed.fromMs, () => {
        for (const key of keys) secrets.put(key, '{"id":"short","key":"AAAA"}');
        meet('keys of views that are malformed');
      });
      at(viewKeys.malformed.toMs, () => {
        world.rotateViewKeys();
      });
    },
    interfere({ service, input }) {
      if (!isDenied || service !== 'secretsmanager' || !keys.has(String(input.SecretId))) return undefined;
      const outcome = { status: 400, code: 'AccessDeniedException', message: 'No.' };
      return { skipEffect: true, outcome };
    },
  };
}

export interface ViewKeyFaults {
  begin(stage: FaultyStage): void;
  interfere(call: AwsCall): Interference | undefined;
}
