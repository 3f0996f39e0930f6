import { collectorSettings } from '../../functions/collector/contract.ts';
import { type CollectorFacts, collectorSettingsOf } from '../config/collector-settings.ts';

/**
 * A collector's environment, checked here against the schema that the function will read it by. Names that
 * CloudFormation fills in later are texts for now, and stay whole in the JSON.
 *
 * @throws {Error} at synth, naming each setting that the function would refuse
 */
export function collectorEnvironmentOf(facts: CollectorFacts): Record<'SETTINGS', string> {
  const settings = collectorSettingsOf(facts);
  const problems = (collectorSettings.safeParse(settings).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
  if (problems.length > 0)
    throw new Error(`the collector of ${facts.stream.name} would refuse ${problems.join('; ')}`);
  return { SETTINGS: JSON.stringify(settings) };
}
