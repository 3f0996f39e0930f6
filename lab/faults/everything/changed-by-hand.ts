import type { FaultyStage } from '../../../local/run/fault-set.ts';
import type { EverythingPlan } from './draw-faults.ts';
import type { FaultInjector } from './fault-injector.ts';

/**
 * Changes settings by hand for a while, as a person might: the timeout of the collectors' functions, and the quota
 * of Firehose. A deployment in between puts the values of the settings back.
 */
export function changeByHand(
  injector: FaultInjector,
  { timeout, lessQuota }: Pick<EverythingPlan, 'timeout' | 'lessQuota'>,
  stage: FaultyStage,
): void {
  const { world } = stage;
  const { clock } = world;
  const startedAt = clock.now();
  const between = (
    window: { readonly fromMs: number; readonly toMs: number },
    begin: () => () => void,
  ): void => {
    clock.at(startedAt + window.fromMs, () => {
      clock.at(startedAt + window.toMs, begin());
    });
  };
  if (timeout !== undefined) between(timeout, () => changeTimeout(injector, timeout.seconds, stage));
  if (lessQuota !== undefined)
    between(lessQuota, () => changeQuota(injector, lessQuota.mebibytesPerSecond, stage));
}

function changeTimeout(
  injector: FaultInjector,
  seconds: number,
  { world, streams, witnesses }: FaultyStage,
): () => void {
  const { functions } = world.lambda;
  const changed = [...streams, ...witnesses].map(({ functionArn }) => {
    const { definition } = functions.find(functionArn);
    const other = { ...definition, timeoutSeconds: seconds };
    functions.put(other);
    return { definition, other };
  });
  const isLess = changed.some(({ definition }) => seconds < definition.timeoutSeconds);
  for (const stream of streams) injector.note(stream, `timeout ${isLess ? 'below' : 'above'} the setting`);
  return () => {
    for (const { definition, other } of changed) if (functions.holds(other)) functions.put(definition);
  };
}

function changeQuota(
  injector: FaultInjector,
  mebibytesPerSecond: number,
  { world, streams }: FaultyStage,
): () => void {
  const set = (mebibytes: (setting: number) => number): void => {
    for (const { deliveryStream, quotaMiBPerSecond } of streams.flatMap(({ destinations }) => destinations))
      if (world.firehose.names.includes(deliveryStream))
        world.firehose.setQuota(deliveryStream, mebibytes(quotaMiBPerSecond));
  };
  set(() => mebibytesPerSecond);
  for (const stream of streams) injector.note(stream, 'Firehose accepts less than the settings say');
  return () => set((setting) => setting);
}
