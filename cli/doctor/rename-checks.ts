import { shownNameOf } from '../../infra/config/names.ts';
import type { Stage } from '../../infra/config/settings.ts';
import type { DeployedStream } from '../access/deployed-relay.ts';
import { about, type Finding } from './check.ts';

/**
 * Asks about every deployed stream that the settings no longer have while a stream of its type comes: it may be the same
 * one under another name, whose journal and progress the next deploy would leave behind.
 */
export function checkRenames(
  { streams: written }: Pick<Stage, 'streams'>,
  deployed: readonly Pick<DeployedStream, 'name' | 'label' | 'type' | 'settings'>[],
): readonly Finding[] {
  const comes = written.filter(({ name }) => !deployed.some((each) => each.name === name));
  return deployed.flatMap(({ name, label, type, settings }) => {
    const isWanted = written.some((each) => each.name === name);
    const other = comes.find((each) => each.type === type);
    if (isWanted || settings.witnessOf !== undefined || other === undefined) return [];
    return [
      about(`stream ${label}`).warning(
        `it is deployed and no longer in the settings, where ${shownNameOf(other)}, of the same type, is new: with the next deploy its journal and progress stay behind`,
        `if it is the same stream, give ${shownNameOf(other)} was: '${name}' (docs/upgrade.md)`,
      ),
    ];
  });
}
