import { checkPeriod, prepareQueries, type QuerySet } from '@mosaic-relay/cdk-loopback';
import { type Annotations, annotationsOf } from './annotations.ts';
import {
  type AxisLayout,
  type ChartView,
  type ChartWidget,
  chartViews,
  type WidgetLayout,
  type WidgetPlace,
} from './frame.ts';
import { localCommands } from './local-words.ts';
import { renderMarkdown } from './markdown.ts';
import { type MetricLine, readMetricLines } from './metric-lines.ts';

/** A dashboard of the template, ready to be drawn. */
export interface Dashboard {
  readonly name: string;
  /** CloudWatch's three hours where the template names none. */
  readonly rangeMs: number;
  readonly widgets: readonly Widget[];
}

/** Where a widget is, and for a chart what its lines are made of. */
export interface Widget {
  readonly layout: WidgetLayout;
  readonly lines: readonly MetricLine[];
  readonly querySet: QuerySet;
  /** One value for the whole time shown, rather than one a period. */
  readonly wholeRange: boolean;
  /** Shows so much, whatever the rest of the dashboard shows. */
  readonly rangeMs?: number;
}

/**
 * Reads a dashboard's body. What it does not understand it notes with the widget and leaves out, by name.
 *
 * @param text JSON, as CloudWatch takes it
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function readDashboard(name: string, text: string): Dashboard {
  const body = JSON.parse(text) as DashboardBody;
  let flow = { x: 0, y: 0 };
  const widgets = (body.widgets ?? []).map((given, index) => {
    const { width = 6, height = 6 } = given;
    if (flow.x + width > columns) flow = { x: 0, y: flow.y + height };
    const { x = flow.x, y = flow.y } = given;
    flow = { x: x + width, y };
    return readWidget(given, { id: `w${index + 1}`, x, y, width, height });
  });
  return { name, rangeMs: rangeOf(body.start), widgets };
}

const columns = 24;

interface DashboardBody {
  readonly start?: string;
  readonly widgets?: readonly WidgetBody[];
}

interface WidgetBody {
  readonly type: string;
  readonly x?: number;
  readonly y?: number;
  readonly width?: number;
  readonly height?: number;
  readonly properties?: WidgetProperties;
}

interface WidgetProperties {
  readonly title?: string;
  readonly markdown?: string;
  readonly background?: string;
  readonly alarms?: readonly string[];
  readonly states?: readonly string[];
  readonly sortBy?: string;
  readonly metrics?: readonly (readonly unknown[])[];
  readonly view?: string;
  readonly stacked?: boolean;
  readonly stat?: string;
  readonly period?: number;
  readonly legend?: { readonly position?: 'bottom' | 'right' | 'hidden' };
  readonly yAxis?: { readonly left?: AxisLayout; readonly right?: AxisLayout };
  readonly annotations?: Annotations;
  readonly sparkline?: boolean;
  readonly start?: string;
  readonly setPeriodToTimeRange?: boolean;
}

const understood: Readonly<Record<string, ReadonlySet<string>>> = {
  text: new Set(['markdown', 'background']),
  alarm: new Set(['title', 'alarms', 'sortBy', 'states']),
  metric: new Set([
    ...[
      'title',
      'metrics',
      'view',
      'stacked',
      'stat',
      'period',
      'legend',
      'yAxis',
      'annotations',
      'sparkline',
    ],
    ...['setPeriodToTimeRange', 'region', 'liveData', 'singleValueFullPrecision', 'start'],
  ]),
};

function readWidget(given: WidgetBody, place: Omit<WidgetPlace, 'title' | 'notDrawn'>): Widget {
  const { type, properties = {} } = given;
  const notDrawn: string[] = [];
  for (const property of Object.keys(properties))
    if (understood[type]?.has(property) === false) notDrawn.push(`the property ${property}`);
  const common = { ...place, title: properties.title ?? '', notDrawn };
  const nothing = { lines: [], querySet: prepareQueries([]), wholeRange: false };
  if (type === 'text') {
    const html = renderMarkdown(localCommands(properties.markdown ?? ''));
    const transparent = properties.background === 'transparent';
    return { layout: { ...common, kind: 'text', html, transparent }, ...nothing };
  }
  if (type === 'alarm') {
    const names = (properties.alarms ?? []).map((arn) => arn.replace(/^arn:.*:alarm:/, ''));
    const { states = [], sortBy = 'default' } = properties;
    return { layout: { ...common, kind: 'alarms', names, states, sortBy }, ...nothing };
  }
  if (type !== 'metric') {
    notDrawn.push(`a widget of type ${type}`);
    return { layout: { ...common, kind: 'unknown' }, ...nothing };
  }
  const chart = readChart(properties, (what) => notDrawn.push(what));
  const read = readLines(properties, (what) => notDrawn.push(what));
  // A single value covers the time shown where the template says so; the others show their last period.
  const wholeRange = properties.setPeriodToTimeRange === true;
  const rangeMs = properties.start === undefined ? {} : { rangeMs: rangeOf(properties.start) };
  return { layout: { ...common, ...chart }, ...read, wholeRange, ...rangeMs };
}

function readLines(
  { metrics = [], stat = 'Average', period = 300 }: WidgetProperties,
  notDrawn: (what: string) => void,
): Pick<Widget, 'lines' | 'querySet'> {
  try {
    const lines = readMetricLines(metrics, { statistic: stat, periodSeconds: period }, notDrawn);
    for (const { periodMs } of lines) checkPeriod(periodMs / 1000);
    return { lines, querySet: prepareQueries(lines.map(({ query }) => query)) };
  } catch (error) {
    notDrawn((error as Error).message);
    return { lines: [], querySet: prepareQueries([]) };
  }
}

function readChart(properties: WidgetProperties, notDrawn: (what: string) => void): ChartWidget {
  const { view = 'timeSeries', yAxis = {} } = properties;
  const known = chartViews.find((one) => one === view);
  if (known === undefined) notDrawn(`the view ${view}, but as a time series`);
  const axis = (side: AxisLayout = {}): AxisLayout => ({
    ...(side.label !== undefined && { label: side.label }),
    ...(side.min !== undefined && { min: side.min }),
    ...(side.max !== undefined && { max: side.max }),
  });
  return {
    kind: 'chart',
    view: known ?? ('timeSeries' satisfies ChartView),
    stacked: properties.stacked ?? false,
    legend: properties.legend?.position ?? 'bottom',
    axes: { left: axis(yAxis.left), right: axis(yAxis.right) },
    ...annotationsOf(properties.annotations ?? {}, notDrawn),
    sparkline: properties.sparkline ?? false,
  };
}

/** `-PT3H`, `-P1D` and the like. */
function rangeOf(start: string | undefined): number {
  const [, days, hours, minutes] = start?.match(/^-P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/) ?? [];
  const total = Number(days ?? 0) * 1440 + Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return (total || 180) * 60_000;
}
