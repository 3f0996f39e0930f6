import { resolve } from 'node:path';
import type { StageSettings } from '../../../infra/config/settings.ts';
import { relayApp } from '../../../infra/relay-app.ts';
import type { AlarmState } from '../../../local/metrics/judge.ts';
import type { Followed } from '../../../local/metrics/metric-watch.ts';
import { type LocalStage, type LocalStageOptions, openLocalStage } from '../../../local/run/local-stage.ts';
import { stageOf, stageSettings } from '../../infra/synthesized.ts';

const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** A stage of test settings whose alarms are judged, and to which events come. */
export interface WatchedStage extends LocalStage {
  readonly followed: Followed;
  /** Raised of each type, every five minutes; 0 for none. */
  eventsPerTick: number;
  pass(lastsMs: number): Promise<void>;
  /** Lets time pass until every one of the alarms is so. @returns those that are not after `withinMs` */
  until(names: readonly string[], state: AlarmState, withinMs: number): Promise<readonly string[]>;
  /** `Failing`, `splunk-DeliveryFailing`: alarms whose names end so. @throws when there is none */
  named(ending: string): string;
}

export async function watchStage(
  settings: Partial<StageSettings>,
  hooks: Pick<LocalStageOptions, 'mosaic' | 'world'> = {},
): Promise<WatchedStage> {
  const silent = { write: () => true };
  const synthesize = async ({ outdir }: { readonly outdir: string }): Promise<void> => {
    relayApp(stageOf(stageSettings(settings)), { outdir }).synth();
  };
  const root = resolve(import.meta.dirname, '../../..');
  const { signal } = new AbortController();
  const stage = await openLocalStage({
    ...hooks,
    stage: 'test',
    types: ['cis'],
    seed: 1,
    source: [],
    context: { root, stdout: silent, stderr: silent, env: {}, signal, synthesize },
    progress: { stage: () => undefined, update: () => undefined, stop: () => undefined },
  });
  const { clock } = stage.world;
  const followed = stage.metrics.follow(stage.world);
  const watched: WatchedStage = {
    ...stage,
    followed,
    eventsPerTick: 5,
    pass: async (lastsMs) => void (await clock.runUntil(() => false, clock.now() + lastsMs)),
    until: async (names, state, withinMs) => {
      const others = () => names.filter((name) => followed.desk.stateOf(name) !== state);
      await clock.runUntil(() => others().length === 0, clock.now() + withinMs);
      return others();
    },
    named: (ending) => {
      const found = followed.alarms.find(({ name }) => name.endsWith(`-${ending}`));
      if (found === undefined) throw new Error(`there is no alarm ${ending}`);
      return found.name;
    },
  };
  const raise = () => {
    if (watched.eventsPerTick > 0) stage.source.generate(stage.streams, watched.eventsPerTick, 5 * minuteMs);
    clock.at(clock.now() + 5 * minuteMs, raise);
  };
  clock.at(clock.now(), raise);
  return watched;
}
