import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { type AlarmName, alarmNameOf, alarmSeverities } from '../../config/alarm-names.ts';
import type { TopicOf } from './alarm-topics.ts';
import { checked, type Evaluation } from './evaluation.ts';

export interface RelayAlarmProps {
  readonly name: AlarmName;
  readonly context: AlarmContext;
  /** What is the case while it lasts, as a sentence. */
  readonly means: string;
  /** Who notices what, if nobody acts, as a sentence. */
  readonly hurts: string;
  /** A command that exists; `--stage` and `--stream` are added. */
  readonly firstStep: string;
  readonly missingData: MissingData;
  readonly breach: Breach;
  readonly evaluation: Evaluation;
  /** Of the evaluation's period. */
  readonly metric: (periodSeconds: number) => cloudwatch.IMetric;
}

/** What an alarm belongs to, and what its text names. */
export interface AlarmContext {
  readonly stackName: string;
  readonly stage: string;
  readonly stream?: string;
  /** The stream's name in the settings, where it has another one now. */
  readonly label?: string | undefined;
  readonly destination?: string;
  /** Where `docs/runbook.md` is read. */
  readonly runbook: string;
  /** Each alarm notifies the topic of its severity. */
  readonly topics: TopicOf;
}

/** The same for an alarm about a stream. */
export interface StreamAlarmContext extends AlarmContext {
  readonly stream: string;
}

/** What it means that there was no value, and why. */
export interface MissingData {
  /** `ignore` leaves the alarm as it was. */
  readonly is: 'breaching' | 'notBreaching' | 'ignore';
  /** As a sentence. */
  readonly because: string;
}

export type Breach = { readonly above: number } | { readonly below: number };

/**
 * An alarm that cannot exist without saying what it means, whom it hurts and what to do first.
 *
 * The alarm notifies the topic of its severity by itself when it goes to ALARM and when it goes to OK. No other alarm stands
 * between: CloudWatch acts on transitions alone, and an alarm over several notifies nobody of the second.
 */
export class RelayAlarm extends Construct {
  readonly alarm: Alarm;
  /** As it is known on AWS, before it exists. */
  readonly alarmName: string;

  constructor(scope: Construct, id: string, props: RelayAlarmProps) {
    super(scope, id);
    const { breach } = props;
    const { periodSeconds, periods, breaching } = checked(props.evaluation);
    this.alarmName = alarmNameOf(props.context.stackName, props.context, props.name);
    this.alarm = new Alarm(this, 'Alarm', {
      alarmName: this.alarmName,
      alarmDescription: alarmText(props),
      metric: props.metric(periodSeconds),
      evaluationPeriods: periods,
      datapointsToAlarm: breaching,
      threshold: 'above' in breach ? breach.above : breach.below,
      comparisonOperator:
        'above' in breach
          ? ComparisonOperator.GREATER_THAN_THRESHOLD
          : ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: treatments[props.missingData.is],
    });
    const told = new SnsAction(props.context.topics[alarmSeverities[props.name]]);
    this.alarm.addAlarmAction(told);
    this.alarm.addOkAction(told);
  }
}

const treatments = {
  breaching: TreatMissingData.BREACHING,
  notBreaching: TreatMissingData.NOT_BREACHING,
  ignore: TreatMissingData.IGNORE,
} as const;

/** CloudWatch's limit. */
const longestText = 1024;

/** @throws {Error} at synth, where a text is missing or the whole is too long */
function alarmText({ name, context, means, hurts, firstStep, missingData }: RelayAlarmProps): string {
  for (const [what, text] of Object.entries({ means, hurts, firstStep, because: missingData.because })) {
    if (text.trim() === '') throw new Error(`the alarm ${name} does not say ${what}`);
  }
  const flags = [
    `--stage ${context.stage}`,
    ...(context.stream === undefined ? [] : [`--stream ${context.stream}`]),
  ];
  const lines = [
    means,
    `Who is hurt: ${hurts}`,
    `First: npx relay ${[firstStep, ...flags].join(' ')}`,
    `Without data: ${missingData.because}`,
    ...(context.label === undefined ? [] : [`Settings: ${context.stream} is ${context.label} there.`]),
    `Runbook: ${runbookArticle(context.runbook, name)}`,
  ];
  const text = lines.join('\n');
  if (text.length > longestText) throw new Error(`the text of ${name} is longer than ${longestText}`);
  return text;
}

/** The article's place, as GitHub and most others make anchors of headings. */
function runbookArticle(runbook: string, name: AlarmName): string {
  return `${runbook}#${name.toLowerCase()}`;
}
