import type { CopierMetric } from './contract.ts';
import type { CopiedMessage, CopiedObject } from './copy.ts';

/** The metrics of one invocation. A metric is billed where it is sent, so zeros are left out. */
export function summarize(copied: readonly CopiedMessage[]): Partial<Record<CopierMetric, number>> {
  const objects = copied.flatMap((message) => message.objects);
  const stored = objects.filter(({ outcome }) => outcome.kind === 'stored' && !outcome.already);
  const lags = stored.flatMap(({ lagMs }) => (lagMs === undefined ? [] : [lagMs]));
  const waiting = copied.filter(({ failed }) => failed);
  const refused = waiting.filter((message) => message.objects.some(isRefused));
  const counts: Partial<Record<CopierMetric, number>> = {
    ObjectsCopied: stored.length,
    ObjectsAlreadyThere: objects.filter(({ outcome }) => outcome.kind === 'stored' && outcome.already).length,
    CopiesDeferred: waiting.length - refused.length,
    CopiesRefused: refused.length,
    CopiesDeadLettered: copied.filter(({ deadLettered }) => deadLettered).length,
  };
  return {
    ...Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== 0)),
    ...(lags.length === 0 ? {} : { CopyLag: Math.max(...lags) / 1000 }),
  };
}

function isRefused({ outcome }: CopiedObject): boolean {
  return outcome.kind === 'refused';
}
