import type { AlarmState, AwsCall, Followed, Interference } from '@mosaic-relay/cdk-loopback';
import type { Interfere } from '@mosaic-relay/mosaic-simulator';
import { eventTypes } from '../../../functions/collector/contract.ts';
import type { StageSettings } from '../../../infra/config/settings.ts';
import { stageApp } from '../../../infra/stage-app.ts';
import { openLocalStage } from '../../../local/run/local-stage.ts';
import type { LocalStage } from '../../../local/run/opened-stage.ts';
import type { WorldOptions } from '../../../local/world.ts';
import { inSilence } from '../../local/run/in-silence.ts';
import { stageOf, stageSettings } from '../synthesized.ts';

const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;

/** A stage of test settings whose alarms are judged, to which events come, and in which things can go wrong. */
export interface WatchedStage extends LocalStage {
  readonly followed: Followed;
  readonly wrong: Wrong;
  /** Raised of each type, every five minutes; 0 for none. */
  eventsPerTick: number;
  pass(lastsMs: number): Promise<void>;
  /** Lets time pass until it holds. @returns whether it came to hold within so long */
  until(holds: () => boolean, withinMs: number): Promise<boolean>;
  /** Every alarm of the state, by its name without the stage's. */
  alarmsIn(state: AlarmState): readonly string[];
}

/** What goes wrong at the moment; whoever sets something takes it away. */
export interface Wrong {
  mosaic?: Interfere;
  /** Of the schedules that collect. */
  ticks?: 'dropped' | 'doubled';
  /** So many records Firehose still refuses. */
  refusedRecords?: number;
  call?: (call: AwsCall) => Interference | undefined;
}

/** Of settings for Splunk and for Google Cloud Storage; neither exists. */
export const secret = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:splunk-AbCdEf';
export const provider =
  '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay';

export async function watchStage(settings: Partial<StageSettings>): Promise<WatchedStage> {
  const synthesize = async ({ outdir }: { readonly outdir: string }): Promise<void> => {
    stageApp(stageOf(stageSettings(settings)), { outdir }).synth();
  };
  const wrong: Wrong = {};
  const stage = await openLocalStage({
    stage: 'test',
    types: eventTypes,
    seed: 1,
    source: [],
    documentedOnly: true,
    ...inSilence({ synthesize }),
    mosaic: (call) => wrong.mosaic?.(call),
    world: hooks(wrong),
  });
  const { clock } = stage.world;
  const followed = stage.metrics.follow(stage.world);
  const prefix = `${stage.world.deployment.stackName}-`;
  const watched: WatchedStage = {
    ...stage,
    followed,
    wrong,
    eventsPerTick: 5,
    pass: async (lastsMs) => void (await clock.runUntil(() => false, clock.now() + lastsMs)),
    until: (holds, withinMs) => clock.runUntil(holds, clock.now() + withinMs),
    alarmsIn: (state) =>
      followed.evaluator
        .states()
        .flatMap((alarm) =>
          alarm.kind === 'metric' && alarm.state === state ? [alarm.name.slice(prefix.length)] : [],
        ),
  };
  const raise = () => {
    if (watched.eventsPerTick > 0) stage.source.generate(stage.streams, watched.eventsPerTick, 5 * minuteMs);
    clock.at(clock.now() + 5 * minuteMs, raise);
  };
  clock.at(clock.now(), raise);
  return watched;
}

function hooks(wrong: Wrong): Pick<WorldOptions, 'scheduler' | 'firehose' | 'gateway'> {
  return {
    scheduler: {
      interfere: ({ schedule }) => {
        if (wrong.ticks === undefined || !schedule.input.includes('"collect"')) return undefined;
        return { delaysMs: wrong.ticks === 'dropped' ? [] : [0, 0] };
      },
    },
    firehose: {
      faults: {
        refuseRecord: () => {
          if (!wrong.refusedRecords) return undefined;
          wrong.refusedRecords -= 1;
          return 'ServiceUnavailableException';
        },
      },
    },
    gateway: { interfere: (call) => wrong.call?.(call) },
  };
}
