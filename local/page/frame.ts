/** What the page is told once: where everything is, and what it cannot draw. */
import type { AlarmChange, AlarmStatus } from '@mosaic-relay/cdk-loopback';
export interface PageLayout {
  readonly title: string;
  /** What the page shows of the run beside dashboards. */
  readonly views: readonly ('events' | 'logs')[];
  readonly dashboards: readonly DashboardLayout[];
}

export interface DashboardLayout {
  readonly name: string;
  /** What the template asks for, in milliseconds. */
  readonly rangeMs: number;
  readonly widgets: readonly WidgetLayout[];
}

/** In a grid of 24 columns, as the template says. */
export type WidgetLayout = WidgetPlace & (TextWidget | AlarmsWidget | ChartWidget | UnknownWidget);

export interface WidgetPlace {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** What the template asks for and this page does not show, in words. */
  readonly notDrawn: readonly string[];
}

export interface TextWidget {
  readonly kind: 'text';
  readonly html: string;
  readonly transparent: boolean;
}

export interface AlarmsWidget {
  readonly kind: 'alarms';
  readonly names: readonly string[];
  /** An alarm is shown only in one of these states; empty: in every state. */
  readonly states: readonly string[];
  /** `default`: by name. `stateUpdatedTimestamp`: by state, ALARM first, then the newest first. `timestamp`: the newest first. */
  readonly sortBy: string;
}

export interface ChartWidget {
  readonly kind: 'chart';
  readonly view: ChartView;
  readonly stacked: boolean;
  readonly legend: 'bottom' | 'right' | 'hidden';
  readonly axes: { readonly left: AxisLayout; readonly right: AxisLayout };
  readonly thresholds: readonly Threshold[];
  readonly moments: readonly VerticalLine[];
  /** Of single values. */
  readonly sparkline: boolean;
}

export const chartViews = ['timeSeries', 'singleValue', 'table'] as const;
export type ChartView = (typeof chartViews)[number];

export interface UnknownWidget {
  readonly kind: 'unknown';
}

export interface AxisLayout {
  readonly label?: string;
  readonly min?: number;
  readonly max?: number;
}

export type AxisSide = 'left' | 'right';

/** A horizontal line; with a `fill` the area above or below it, or up to `upTo`. */
export interface Threshold {
  readonly value: number;
  readonly upTo?: number;
  readonly label: string;
  readonly color?: string;
  readonly fill?: 'above' | 'below' | 'between';
  readonly axis: AxisSide;
}

/** A vertical line. */
export interface VerticalLine {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly label: string;
  readonly color?: string;
}

/** What the page is told again and again. */
export interface Frame {
  /** Milliseconds since the epoch, on the run's clock. */
  readonly now: number;
  readonly from: number;
  readonly to: number;
  /** By the widget's id; text and alarm widgets have none. */
  readonly widgets: Readonly<Record<string, readonly LineData[]>>;
  readonly alarms: readonly AlarmStatus[];
  /** The last changes of state, newest first. */
  readonly changes: readonly AlarmChange[];
  /** What was wrong with the metrics that functions told. */
  readonly problems: readonly string[];
  /** As `relay status` says it; absent where the run reads none, or has not read it yet. */
  readonly status?: ShownStatus;
  /** Streams of which something waits for a replay, and the command for it. */
  readonly replays?: readonly { readonly stream: string; readonly command: string }[];
  /** Those that may be broken from the page. */
  readonly destinations?: readonly { readonly name: string; readonly broken: boolean }[];
}

export interface ShownStatus {
  readonly verdict: string;
  /** One sentence on the whole. */
  readonly headline: string;
  /** Lines on what somebody has to look at; none where all is well. */
  readonly trouble: readonly string[];
}

export interface LineData {
  readonly label: string;
  readonly color?: string;
  readonly axis: AxisSide;
  /** Of the first value. */
  readonly start: number;
  readonly periodMs: number;
  /** One a period; null where there was no data. */
  readonly values: readonly (number | null)[];
}

/** The last events of a stream, newest first. */
export interface PassingStream {
  readonly name: string;
  /** In the order of each event's `delivered`. */
  readonly destinations: readonly string[];
  readonly events: readonly PassingEvent[];
}

export interface PassingEvent {
  /** Milliseconds since the epoch, on the run's clock. */
  readonly collectedAt: number;
  /** As Mosaic gave it. */
  readonly raw: string;
  /** `dropped`: the destination's view leaves it out. `waiting`: the receiver has not got it, or not yet. */
  readonly delivered: readonly (
    | { readonly state: 'dropped' | 'waiting' }
    | { readonly state: 'delivered'; readonly line: string }
  )[];
}
