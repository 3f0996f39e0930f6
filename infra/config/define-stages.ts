import type { StageSettings } from './settings.ts';

/**
 * Holds settings to their types while they are written: the editor shows each setting's unit, range and default, and
 * the compiler refuses a misspelt one. The stages come back as they are.
 *
 * ```ts
 * export const stages = defineStages({
 *   dev: { environment: 'sandbox', secret: 'relay/dev', streams: [{ id: 'relay-cis', type: 'cis' }] },
 * });
 * ```
 */
export function defineStages<const Name extends string>(
  stages: Readonly<Record<Name, StageSettings>>,
): Readonly<Record<Name, StageSettings>> {
  return stages;
}
