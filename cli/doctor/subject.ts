import { shownNameOf } from '../../infra/config/names.ts';
import type { Stage } from '../../infra/config/settings.ts';
import type { Connection, DeployedRelay, DeployedStream } from '../access/deployed-relay.ts';
import { type SubjectView, viewsOfRelay, viewsOfSettings } from './subject-views.ts';
import { type Target, targetsOfRelay, targetsOfSettings } from './targets.ts';

/** The stage that doctor examines, as it is deployed or as its settings describe it. */
export interface Subject {
  readonly stage: string;
  readonly place: string;
  readonly connection: Connection;
  readonly local: boolean;
  /** Absent where the settings leave it to credentials that AWS said nothing of. */
  readonly account?: string;
  readonly mosaic: MosaicAddress;
  /** The key that the settings name beside Mosaic's secret, before a first deploy. */
  readonly secretKey?: string;
  readonly streams: readonly SubjectStream[];
  /** Absent before a first deploy. It has the streams that are examined. */
  readonly relay?: DeployedRelay;
  /** Streams of the stage that are not examined, to compare with. */
  readonly others?: readonly DeployedStream[];
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface MosaicAddress {
  readonly url: string;
  readonly apiVersion: string;
  readonly resource?: string;
  readonly secretId: string;
}

export interface SubjectStream {
  /** The name under which it began. */
  readonly name: string;
  /** Its name in the settings. */
  readonly label: string;
  readonly id: string;
  readonly type: string;
  readonly pullUrl?: string;
  readonly targets: readonly Target[];
  /** The views of its destinations, each once. */
  readonly views: readonly SubjectView[];
}

/** Describes a deployed stage by its functions' settings and by Firehose's own description. */
export async function subjectOfRelay(relay: DeployedRelay, local: boolean): Promise<Subject | undefined> {
  const settings = relay.streams[0]?.settings;
  if (settings === undefined) return undefined;
  const streams = relay.streams.map(async (stream) => ({
    name: stream.name,
    label: stream.label,
    id: stream.id,
    type: stream.type,
    pullUrl: stream.settings.pullUrl,
    targets: await targetsOfRelay(relay, stream),
    views: await viewsOfRelay(relay, stream),
  }));
  return {
    stage: relay.stage,
    place: relay.place,
    connection: relay.connection,
    local,
    account: relay.account,
    mosaic: {
      url: settings.mosaicUrl,
      apiVersion: settings.apiVersion,
      resource: settings.resource,
      secretId: settings.secret,
    },
    streams: await Promise.all(streams),
    relay,
    now: () => relay.now(),
  };
}

/** Describes a stage that is not deployed yet, by its settings alone. */
export function subjectOfSettings(
  stage: Stage,
  {
    connection,
    place,
    account,
  }: {
    readonly connection: Connection;
    readonly place: string;
    /** The credentials' account: a stage whose settings name none is deployed to it. */
    readonly account?: string | undefined;
  },
): Subject {
  return {
    stage: stage.name,
    place,
    connection,
    local: false,
    account: stage.account ?? account,
    secretKey: stage.secretKey,
    mosaic: {
      url: stage.mosaicUrl,
      apiVersion: stage.apiVersion,
      resource: stage.resource,
      secretId: stage.secret,
    },
    streams: stage.streams.map((stream) => ({
      name: stream.name,
      label: shownNameOf(stream),
      id: stream.id,
      type: stream.type,
      pullUrl: stream.pullUrl,
      targets: targetsOfSettings(stream),
      views: viewsOfSettings(stage, stream),
    })),
    now: Date.now,
  };
}
