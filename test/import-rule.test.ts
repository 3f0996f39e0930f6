import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { forbiddenImports } from './import-rule.ts';

const root = join(import.meta.dirname, '..');

test('every import is one that the design allows', () => {
  const paths = globSync('{content,functions,infra,local,cli,packages,lab,test}/**/*.ts', { cwd: root });

  expect(paths.length).toBeGreaterThan(50);
  expect(forbiddenImports(sourcesOf(paths))).toEqual([]);
});

describe('the rule notices', () => {
  test.each([
    ['functions/collector/handler.ts', "import { stages } from '../../infra/config/stages.ts';"],
    ['functions/mosaic/token.ts', "import { startSimulator } from '@mosaic-relay/mosaic-simulator';"],
    ['functions/collector/protocol/run.ts', "import { FirehoseClient } from '@aws-sdk/client-firehose';"],
    ['functions/collector/protocol/run.ts', "import type { Logger } from '@aws-lambda-powertools/logger';"],
    ['functions/stored/meta-item.ts', "import { marshall } from '@aws-sdk/util-dynamodb';"],
    ['functions/stored/meta-item.ts', "import type { State } from '../collector/protocol/ports/state.ts';"],
    ['functions/collector/delivery/formats/lines.ts', "import { z } from 'zod/mini';"],
    ['functions/collector/protocol/sweep.ts', "import { createSink } from '../adapters/firehose-sink.ts';"],
    ['functions/collector/protocol/run.ts', "import { deliver } from '../delivery/deliver.ts';"],
    ['functions/collector/protocol/run.ts', "import type { Cut } from '../answers/cut-events.ts';"],
    ['functions/collector/protocol/run.ts', "import { eventTypes } from '../contract.ts';"],
    ['functions/collector/protocol/run.ts', "import type { X } from '../../mosaic/collect-outcome.ts';"],
    ['functions/collector/answers/cut-events.ts', "import { run } from '../protocol/run.ts';"],
    ['functions/collector/answers/cut-events.ts', "import { deliver } from '../delivery/deliver.ts';"],
    ['functions/collector/delivery/pack.ts', "import { collectorMetrics } from '../contract.ts';"],
    ['functions/collector/delivery/pack.ts', "import { compare } from '../witness/compare.ts';"],
    ['functions/collector/delivery/pack.ts', "export * from '../../object-copier/copy.ts';"],
    ['functions/collector/witness/compare.ts', "import { state } from '../adapters/dynamo-state.ts';"],
    ['functions/mosaic/collect-call.ts', "import { run } from '../collector/protocol/run.ts';"],
    [
      'functions/mosaic/collect-call.ts',
      "import type { Source } from '../collector/protocol/ports/source.ts';",
    ],
    ['infra/relay-stack.ts', "import { run } from '../functions/collector/protocol/run.ts';"],
    ['infra/relay-stack.ts', "import type { Run } from '../functions/collector/protocol/run.ts';"],
    ['infra/relay-stack.ts', "import { startStack } from '@mosaic-relay/cdk-loopback';"],
    ['infra/relay-stack.ts', "import { createWorld } from '../local/world.ts';"],
    ['infra/relay-stack.ts', "import { S3Client } from '@aws-sdk/client-s3';"],
    ['infra/relay-stack.ts', "const later = await import('dynalite');"],
    ['functions/collector/handler.ts', 'await import(name);'],
    ['local/start.ts', "import { faultSets } from '../lab/faults/fault-sets.ts';"],
    ['local/start.ts', "import type { FaultRecord } from '../lab/faults/everything/ordeal.ts';"],
    ['local/start.ts', "const { faultSets } = await import('../lab/faults/fault-sets.ts');"],
    ['cli/commands/replay.ts', "import { x } from '../../lab/bench/arithmetic.ts';"],
    ['local/world.ts', "import {\n  stages,\n} from '../infra/config/stages.ts';"],
    ['local/world.ts', "import type { Clients } from '../functions/collector/adapters/aws-clients.ts';"],
    ['local/world.ts', "import { handler } from '../functions/collector/handler.ts';"],
    ['local/world.ts', "import '../functions/object-copier/copy.ts';"],
    ['local/world.ts', "import { command } from '../cli/commands/replay.ts';"],
    ['cli/commands/replay.ts', "import { createWorld } from '../../local/world.ts';"],
    ['cli/commands/replay.ts', "import { startStack } from '@mosaic-relay/cdk-loopback';"],
    ['packages/siem-receivers/gcs.ts', "import { x } from '../../functions/relay-error.ts';"],
    ['packages/siem-receivers/gcs.ts', "import type { World } from '../../local/world.ts';"],
    ['packages/siem-receivers/gcs.ts', "import { x } from '../cdk-loopback/index.ts';"],
    ['packages/siem-receivers/test/gcs.test.ts', "import { x } from '../../../test/import-rule.ts';"],
    ['local/world.ts', "import { startStack } from '../packages/cdk-loopback/index.ts';"],
    ['test/local/world.test.ts', "import { x } from '../../packages/cdk-loopback/test/fixture.ts';"],
    ['cli/commands/replay.ts', "import { RelayStack } from '../../infra/relay-stack.ts';"],
    ['cli/commands/replay.ts', "import { Stack } from 'aws-cdk-lib';"],
  ])('in %s: %s', (path, source) => {
    const sources = new Map([
      ['functions/object-copier/copy.ts', "import { S3Client } from '@aws-sdk/client-s3';"],
      [path, source],
    ]);

    expect(forbiddenImports(sources)).toEqual([expect.stringContaining(path)]);
  });
});

describe('and lets pass', () => {
  test.each([
    ['functions/collector/run-metrics.ts', "import type { CollectorMetric } from './contract.ts';"],
    [
      'functions/collector/protocol/ports/source.ts',
      "import type { CollectOutcome } from '../../../mosaic/collect-outcome.ts';",
    ],
    ['functions/collector/answers/cut-events.ts', "import type { Cut } from '../protocol/ports/answers.ts';"],
    ['functions/collector/delivery/queue.ts', "import { countDelivered } from '../protocol/tally.ts';"],
    ['functions/collector/witness/compare.ts', "import { openBatch } from '../answers/open-batch.ts';"],
    ['functions/collector/protocol/run.ts', "import { gunzipSync } from 'node:zlib';"],
    ['functions/collector/handler.ts', "import middy from '@middy/core';"],
    ['functions/stream-lifecycle/perform.ts', "import { createStream } from '../mosaic/lifecycle.ts';"],
    ['infra/relay-stack.ts', "import type { EventType } from '../functions/collector/contract.ts';"],
    ['infra/relay-stack.ts', "import { Stack } from 'aws-cdk-lib';"],
    ['infra/relay-stack.ts', "import { journalPrefix } from '../functions/stored/journal-key.ts';"],
    ['functions/collector/protocol/run.ts', "import { readMeta } from '../../stored/meta-item.ts';"],
    ['local/world.ts', "import { eventTypes } from '../functions/collector/contract.ts';"],
    ['local/world.ts', "import { eventId } from '../functions/collector/answers/event-id.ts';"],
    ['lab/start.ts', "import { start } from '../local/start.ts';"],
    ['lab/size/measure-bundles.ts', "import { bundled } from '../../infra/constructs/function-bundle.ts';"],
    ['local/world.ts', "import { startStack } from '@mosaic-relay/cdk-loopback';"],
    ['packages/siem-receivers/gcs.ts', "import { startGcs } from './google/start.ts';"],
    ['packages/siem-receivers/gcs.ts', "import { createVirtualClock } from '@mosaic-relay/cdk-loopback';"],
    ['local/run/redrive.ts', "import { replay } from '../../cli/replay/replay.ts';"],
    [
      'cli/commands/find.ts',
      "import { createS3Journal } from '../../functions/collector/adapters/s3-journal.ts';",
    ],
    ['cli/commands/find.ts', "import { stackNameOf } from '../../infra/config/names.ts';"],
    ['local/world.ts', "// import '../infra/app.ts'\nconst text = \"import 'x'\";"],
  ])('in %s: %s', (path, source) => {
    expect(forbiddenImports(new Map([[path, source]]))).toEqual([]);
  });
});

function sourcesOf(paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')]));
}
