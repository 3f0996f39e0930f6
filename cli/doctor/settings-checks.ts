import { chooseStage } from '../../infra/config/choose-stage.ts';
import { nearest } from '../../infra/config/nearest.ts';
import type { Stage, StageSettings } from '../../infra/config/settings.ts';
import { noSuchStage } from '../../infra/config/which-stage.ts';
import { plural } from '../text.ts';
import { about, type Finding } from './check.ts';

export interface ReadSettings {
  readonly findings: readonly Finding[];
  /** Absent if the settings are invalid. */
  readonly stage?: Stage;
}

/**
 * Reads a stage of the settings, and finds example values that would be deployed.
 *
 * @param file the settings as a message names them
 */
export function checkSettings(
  written: Readonly<Record<string, StageSettings>>,
  name: string,
  file = 'stages.ts',
): ReadSettings {
  const settings = about('settings');
  if (!Object.hasOwn(written, name)) {
    const meant = nearest(name, Object.keys(written));
    const todo =
      meant === undefined ? `say --stage with one of these, or add it to ${file}` : `say --stage ${meant}`;
    return { findings: [settings.failed(noSuchStage(name, written, file), todo)] };
  }
  const chosen = chooseStage(written, name, file);
  if ('problems' in chosen) {
    return {
      findings: chosen.problems.map((problem) => settings.failed(problem, `edit ${file}`)),
    };
  }
  const { stage } = chosen;
  const destinations = stage.streams.reduce((sum, each) => sum + each.destinations.length, 0);
  const size = `${plural(stage.streams.length, 'stream')}, ${plural(destinations, 'destination')}`;
  const examples = stage.examples.map((line) => line.slice(0, line.indexOf(':')));
  const found =
    examples.length === 0
      ? settings.ok(`stage ${name}: ${size}`)
      : settings.failed(
          `${plural(examples.length, 'value is an example', 'values are examples')}: ${examples.join(', ')}`,
          `put your own account, addresses and buckets in ${file}`,
        );
  return { findings: [found, checkSharedStreams(written, stage)], stage };
}

/** Two stages that read one stream would each get a part of it: reading consumes. */
function checkSharedStreams(written: Readonly<Record<string, StageSettings>>, stage: Stage): Finding {
  const check = about('other stages');
  const own = new Set(stage.streams.map((stream) => addressOf(stage, stream)));
  for (const name of Object.keys(written)) {
    const other = name === stage.name ? undefined : chooseStage(written, name);
    if (other === undefined || 'problems' in other) continue;
    const shared = other.stage.streams.find((stream) => own.has(addressOf(other.stage, stream)));
    if (shared !== undefined) {
      return check.failed(
        `stage ${name} reads stream ${shared.id} of the same Mosaic: each would get a part of its events`,
        'give one of the two another id',
      );
    }
  }
  return check.ok('no other stage of the settings reads a stream of this one');
}

function addressOf({ mosaicUrl }: Stage, { pullUrl, type, id }: Stage['streams'][number]): string {
  return pullUrl ?? `${mosaicUrl} ${type} ${id}`;
}
