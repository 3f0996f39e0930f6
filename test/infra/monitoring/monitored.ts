import type { Stage, StageSettings } from '../../../infra/config/settings.ts';
import type { StreamSettings } from '../../../infra/config/stream-settings.ts';
import type { DestinationSettings } from '../../../infra/destinations/destination-kinds.ts';
import {
  type Resource,
  stageOf,
  stageSettings,
  streamSettings,
  type Template,
  templatesOf,
} from '../synthesized.ts';

/** What a stage deploys to be watched, out of all its templates. */
export interface Monitored {
  readonly templates: ReadonlyMap<string, Template>;
  /** By their names on AWS. */
  // biome-ignore lint/suspicious/noExplicitAny: a template's properties are looked at by path
  readonly alarms: ReadonlyMap<string, any>;
  readonly widgets: readonly Widget[];
}

export interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  // biome-ignore lint/suspicious/noExplicitAny: a widget's properties are looked at by path
  readonly properties: any;
}

/** A metric as a widget or an alarm names it. */
export interface NamedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export function monitoredOf(stage: Stage): Monitored {
  const templates = templatesOf(stage);
  const resources = [...templates.values()].flatMap(({ Resources }) => Object.values(Resources));
  const alarms = resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
  const [dashboard] = resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
  return {
    templates,
    alarms: new Map(alarms.map(({ Properties }) => [Properties.AlarmName, Properties])),
    widgets: widgetsOf(dashboard),
  };
}

/** A stage with one stream of these settings. */
export function monitoredStream(
  stream: Partial<StreamSettings>,
  stage: Partial<StageSettings> = {},
): Monitored {
  return monitoredOf(
    stageOf(
      stageSettings({ region: 'eu-west-1', ...viewsOf(stream), ...stage, streams: [streamSettings(stream)] }),
    ),
  );
}

/** One destination of each sort that is watched in its own way. */
/** The view that a destination of `everySort` has, for a stage with that destination. */
function viewsOf({ destinations = [] }: Partial<StreamSettings>): Pick<StageSettings, 'views'> {
  return destinations.some(({ view }) => view === 'quiet') ? { views: quietViews } : {};
}

export const quietViews = { quiet: { activities: { drop: ['get_user'] } } };

export const everySort: readonly DestinationSettings[] = [
  { kind: 's3', view: 'quiet', shape: 'ocsf-1.5' },
  {
    kind: 'splunk',
    endpoint: 'https://hec.example.com:8088',
    secret: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:siem-AbCdEf',
  },
  {
    kind: 'gcs',
    bucket: 'mosaic-events',
    provider:
      '//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/mosaic-relay/providers/aws-relay',
  },
  {
    kind: 'sentinel',
    endpoint: 'https://mosaic-ab12.westeurope-1.ingest.monitor.azure.com',
    rule: 'dcr-00000000000000000000000000000000',
    table: 'Custom-MosaicEvents_CL',
    secret: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:siem-AbCdEf',
  },
];

/** A metric of an alarm, named by the alarm itself or, where it watches an expression, in its `Metrics`. */
interface MetricOfAlarm {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

export function metricsOfAlarm(
  alarm: MetricOfAlarm & {
    readonly Metrics?: readonly { readonly MetricStat?: { readonly Metric: MetricOfAlarm } }[];
  },
): readonly NamedMetric[] {
  const named = alarm.Metrics?.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []));
  return (named ?? [alarm]).map(({ Namespace, MetricName, Dimensions }) => ({
    namespace: Namespace,
    name: MetricName,
    dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, filled(Value)])),
  }));
}

/** Those of a widget that are metrics and not expressions. */
export function metricsOfWidget({ properties }: Widget): readonly NamedMetric[] {
  const rows: readonly (readonly unknown[])[] = properties.metrics ?? [];
  return rows.flatMap((row) => {
    const words = row.filter((part): part is string => typeof part === 'string');
    const [namespace, name, ...pairs] = words;
    if (namespace === undefined || name === undefined) return [];
    const dimensions = Object.fromEntries(
      pairs.flatMap((pair, index) => (index % 2 === 0 ? [[pair, String(pairs[index + 1])]] : [])),
    );
    return [{ namespace, name, dimensions }];
  });
}

/** A dashboard's body is JSON in a text with references in it, which stand for texts. */
function widgetsOf(dashboard: Resource | undefined): readonly Widget[] {
  return JSON.parse(filled(dashboard?.Properties.DashboardBody)).widgets;
}

function filled(value: unknown): string {
  if (typeof value === 'string') return value;
  const [name, argument] = Object.entries(value as object)[0] ?? [];
  if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(filled).join('');
  return name === 'Ref' ? String(argument) : 'filled-in';
}
