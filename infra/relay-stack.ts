import { CfnOutput, CfnRule, Fn, Stack } from 'aws-cdk-lib';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { LeftUndelivered } from '../functions/stream-lifecycle/contract.ts';
import { adoptNamed } from './config/adopt.ts';
import { chooseStage } from './config/choose-stage.ts';
import { leaveUndelivered } from './config/leave-undelivered.ts';
import { bucketNameOf, stackNameOf } from './config/names.ts';
import { relayVersion, versionMetadata } from './config/relay-version.ts';
import type { Stage, StageSettings } from './config/settings.ts';
import { witnessOf } from './config/witness.ts';
import { compiledViews } from './constructs/compiled-views.ts';
import { DeadLetterQueue } from './constructs/dead-letter-queue.ts';
import { functionBundle } from './constructs/function-bundle.ts';
import { JournalReader } from './constructs/journal-reader.ts';
import { LifecycleSchedules } from './constructs/lifecycle-schedules.ts';
import { RelayBucket } from './constructs/relay-bucket.ts';
import { RelayKey } from './constructs/relay-key.ts';
import { RelayStream } from './constructs/relay-stream.ts';
import { StageMonitoring } from './constructs/stage-monitoring.ts';
import { StreamLifecycle } from './constructs/stream-lifecycle.ts';
import { StreamTable } from './constructs/stream-table.ts';

/** One stage of the relay: what its streams share, and each stream by itself. */
export class RelayStack extends Stack {
  /**
   * Puts one stage into an app of one's own. `relayApp` adds the rule pack and the checks of a deploy's limits.
   *
   * @throws with a line for each problem of the settings
   */
  static ofStage(
    scope: Construct,
    stages: Readonly<Record<string, StageSettings>>,
    name: string,
  ): RelayStack {
    const told = (key: string): unknown => scope.node.tryGetContext(key);
    const adopting = adoptNamed(chooseStage(stages, name), told('adopt'));
    const chosen = leaveUndelivered(adopting, told('undelivered'));
    if ('problems' in chosen) throw new Error(chosen.problems.join('\n'));
    return new RelayStack(scope, chosen.stage);
  }

  constructor(scope: Construct, stage: Stage) {
    super(scope, stackNameOf(stage.name), {
      description: `Mosaic events to SIEMs, stage ${stage.name}`,
      env: { account: stage.account, region: stage.region },
      tags: { ...stage.tags },
      terminationProtection: stage.terminationProtection,
      analyticsReporting: false,
    });
    for (const [flag, value] of Object.entries(stackFlags))
      if (this.node.tryGetContext(flag) === undefined) this.node.setContext(flag, value);
    this.addMetadata(versionMetadata, relayVersion());
    this.refuseExamples(stage.examples);
    const { keepData } = stage;
    const key = new RelayKey(this, 'Key', { encryption: stage.encryption });
    const table = new StreamTable(this, 'Table', { key, keepData });
    const bucket = new RelayBucket(this, 'Bucket', {
      name: bucketNameOf(stage.name, this.account, this.idSuffix()),
      key,
      keepData,
      journalDays: stage.journalDays,
      quarantineDays: stage.quarantineDays,
      logDays: stage.logDays,
      keepsViews: compiledViews(stage).length > 0,
    });
    const deadLetters = new DeadLetterQueue(this, 'DeadLetters', { key });
    const lifecycle = new StreamLifecycle(this, 'StreamLifecycle', {
      stage,
      table,
      bucket,
      code: functionBundle(this, 'stream-lifecycle'),
    });
    const group = new scheduler.CfnScheduleGroup(this, 'ScheduleGroup', { name: this.stackName });
    const streams = stage.streams.flatMap((stream) => [stream, ...witnessOf(stream)]);
    const undelivered = lifecycle.guardUndelivered(this, { stage, streams });
    bucket.waitFor(undelivered);
    new LifecycleSchedules(this, 'Orphans', {
      function: lifecycle.function,
      streams: streams.map(({ name }) => name),
      deadLetters,
      group: group.ref,
    });
    if (stage.journalReaders.length > 0) {
      new JournalReader(this, 'JournalReader', {
        stage: stage.name,
        readers: stage.journalReaders,
        bucket,
        key,
      });
    }
    const shared = {
      stage,
      key,
      table,
      bucket,
      deadLetters,
      lifecycle,
      undelivered,
      collectorCode: functionBundle(this, 'collector', compiledViews(stage)),
      copierCode: once(() => functionBundle(this, 'object-copier')),
      scheduleGroup: group.ref,
    };
    const place = new Construct(this, 'Streams');
    const relayed = streams.map((stream) => new RelayStream(place, stream.name, { ...shared, stream }));
    const { costAtRest } = new StageMonitoring(this, 'Monitoring', {
      stage,
      key,
      streams: relayed,
      undelivered,
    });
    new CfnOutput(this, 'CostAtRest', {
      value: costAtRest.toFixed(2),
      description: 'US dollars a month while no event comes, by list prices',
    });
    new CfnOutput(this, 'TableName', {
      value: table.table.tableName,
      description: 'Metadata of the streams and their runs',
    });
    new CfnOutput(this, 'BucketName', {
      value: bucket.bucketName,
      description: 'Journal, quarantine, delivered objects and backups',
    });
    new CfnOutput(this, 'StreamLifecycleFunction', {
      value: lifecycle.function.functionName,
      description: "Opens Mosaic's streams at a deploy; its log says why one failed",
    });
    new CfnOutput(this, 'StaysBehind', {
      value: undelivered.getAttString('StaysBehind' satisfies keyof LeftUndelivered),
      description: 'Undelivered runs of streams that left the settings, as of the last change of streams',
    });
    new CfnOutput(this, 'DeadLetterQueue', {
      value: deadLetters.queue.queueUrl,
      description: 'Ticks that reached no run',
    });
  }

  /** CloudFormation looks at a template's rules before it makes or changes anything. A synth does not. */
  private refuseExamples(examples: readonly string[]): void {
    if (examples.length === 0) return;
    new CfnRule(this, 'ExampleValues', {
      assertions: examples.map((line) => ({
        assert: Fn.conditionEquals('an example', 'your own'),
        assertDescription: line,
      })),
    });
  }

  /** The first eight characters of the unique end of `arn:…:stack/<name>/<guid>`. */
  private idSuffix(): string {
    const guid = Fn.select(2, Fn.split('/', this.stackId));
    return Fn.select(0, Fn.split('-', guid));
  }
}

/** Behaviours of CDK that the stack counts on, here so that they hold whoever runs the app. */
export const stackFlags = {
  // Access logs are granted by bucket policy: a bucket ACL cannot be set where ownership is enforced.
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
  // `stack-limits.ts` counts the resources, and says which stream to move.
  '@aws-cdk/core:stackResourceLimit': 0,
};

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
