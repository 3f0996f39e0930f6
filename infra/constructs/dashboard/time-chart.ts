import {
  GraphWidget,
  type HorizontalAnnotation,
  type IMetric,
  LegendPosition,
} from 'aws-cdk-lib/aws-cloudwatch';

/** A chart over time whose left axis begins at 0 and says its unit. */
export function timeChart(props: {
  readonly title: string;
  /** What the axis counts, such as `events`. */
  readonly unit: string;
  readonly lines: readonly IMetric[];
  readonly thresholds?: readonly HorizontalAnnotation[];
  readonly width: number;
  readonly height: number;
}): GraphWidget {
  return new GraphWidget({
    title: props.title,
    left: [...props.lines],
    leftYAxis: { min: 0, showUnits: false, label: props.unit },
    leftAnnotations: [...(props.thresholds ?? [])],
    legendPosition: LegendPosition.BOTTOM,
    width: props.width,
    height: props.height,
  });
}
