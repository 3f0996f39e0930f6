import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { QueueAddress } from '@mosaic-relay/cdk-loopback';
import { afterEach, expect, test } from 'vitest';
import type { DeployedStream } from '../../../cli/access/deployed-relay.ts';
import { stateOf } from '../../../cli/access/open-relay.ts';
import { type EraseOptions, erase } from '../../../cli/erase/erase.ts';
import { replay } from '../../../cli/replay/replay.ts';
import { eventId } from '../../../functions/collector/answers/event-id.ts';
import { createKeyedIds } from '../../../functions/collector/views/keyed-id.ts';
import { compileView, viewLabel } from '../../../functions/stored/compiled-view.ts';
import { keptViewKey, writeKeptView } from '../../../functions/stored/kept-view.ts';
import { drainedRun } from '../advise/run-record.ts';
import { collectedAt, copierVariables, type SmallRelay, startSmallRelay } from '../small-relay.ts';

const person = 'person-8Xrdn';
const event = `{"user_id":"${person}"}`;
const id = eventId('cis', Buffer.from(event));
const hour = 3_600_000;

let small: SmallRelay;
let queue: QueueAddress;
afterEach(() => small.close());

async function started(hasCopier: boolean, late?: Readonly<Record<string, number>>): Promise<void> {
  small = await startSmallRelay({
    functions(aws, bucket) {
      const dead = aws.sqs.createQueue(`${bucket}-dead`);
      queue = aws.sqs.createQueue(`${bucket}-queue`, { VisibilityTimeout: '0' });
      const environment = copierVariables(bucket, dead.url);
      const copier = { name: 'copier', queueArns: [queue.arn], memoryMb: 1_024, environment };
      return hasCopier ? [copier] : [];
    },
  });
  const record = drainedRun(1, collectedAt - 1_000, {
    ...{ complete: true, lastNumber: 2 },
    ...(late === undefined ? {} : { late }),
  });
  await stateOf(small.relay, small.stream).records.writeRecord(record);
}

function erasing(
  streams: readonly DeployedStream[] = small.relay.streams,
  options: Partial<EraseOptions> = {},
) {
  return erase({
    ...{ relay: { ...small.relay, streams }, members: ['user_id'], value: person, range: undefined },
    ...{ until: 'erase', signal: new AbortController().signal },
    ...options,
  });
}

function lineOf(shown: string, facts: object = {}): Buffer {
  const relayed = { id, collected_at: new Date(collectedAt).toISOString(), ...facts };
  return Buffer.from(`${shown.slice(0, -1)},"_relay":${JSON.stringify(relayed)}}\n`);
}

test('an object on its way to a receiver is owed while its queue holds a message, and is deleted whole afterwards', async () => {
  await started(true);
  const name = 'delivered/cis/s3/type=cis/one';
  await small.bucket.put(name, {
    body: Buffer.concat([lineOf(event), lineOf('{"n":1}', { id: 'a'.repeat(32) })]),
    metadata: {},
  });
  const message = new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'any object' });

  const fresh = await erasing();
  const later = { relay: { ...small.relay, now: () => small.relay.now() + hour } };
  const { sqs } = small.relay.clients;
  await sqs.send(message);
  const queued = await erasing(undefined, later);
  const left = await small.keys('delivered/');
  const { Messages: [sent] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.url }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: sent!.ReceiptHandle }));
  const copied = await erasing(undefined, later);

  expect(fresh.found).toEqual([expect.objectContaining({ state: 'owed', keepsRest: false, others: 1 })]);
  expect(queued.found[0]!.reason).toContain('relay replay --stream cis --source queues');
  expect(left).toEqual([name]);
  expect(copied.found).toEqual([expect.objectContaining({ state: 'deleted', others: 1 })]);
  expect(await small.keys('delivered/')).toEqual([]);
});

test('a batch that a witness has still to compare is owed, its own for the hour and the primary’s for a day', async () => {
  await started(false);
  await small.collect([[event]]);
  const [primary] = small.relay.streams;
  const witnessOf = { name: 'cis', streamId: 'x', batchSize: 10, destinations: [], mode: 'recover' as const };
  const witness: DeployedStream = {
    ...primary!,
    ...{ name: 'cis-witness', label: 'cis-witness', id: 'w', destinations: [] },
    settings: { ...primary!.settings, witnessOf },
  };
  const streams = [primary!, witness];
  const comparedUntil = (time: number) => stateOf(small.relay, witness).meta.markCompared(time);

  const never = await erasing(streams);
  await comparedUntil(collectedAt + 2 * hour);
  const soon = await erasing(streams);
  await comparedUntil(collectedAt + 25 * hour);
  const later = await erasing(streams);

  for (const { found } of [never, soon])
    expect(found).toEqual([
      expect.objectContaining({ state: 'owed', reason: expect.stringContaining('witness') }),
    ]);
  expect(later.found).toEqual([expect.objectContaining({ state: 'deleted' })]);
});

test('a batch is kept while a line behind a view, which its ids alone tell, cannot be erased yet', async () => {
  await started(false);
  await small.collect([[event]]);
  const key = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:view-AbCdEf';
  const secret = Buffer.alloc(32, 7);
  small.aws.secrets.put(key, JSON.stringify({ id: 'p1', key: secret.toString('base64') }));
  const view = compileView({ members: { user_id: 'mask' }, key });
  const label = viewLabel('outside', view);
  await small.bucket.put(keptViewKey('cis', label), { body: Buffer.from(writeKeptView(view)), metadata: {} });
  const masked = lineOf('{"user_id":"***"}', { id: createKeyedIds({ secret })(id), view: label });
  const backup = 'backup/cis/siem/http-endpoint-failed/x';
  const body = Buffer.from(`{"rawData":"${masked.toString('base64')}"}`);
  await small.bucket.put(backup, { body, metadata: {} });
  const [stream] = small.relay.streams;
  const destinations = stream!.destinations.map((each) =>
    each.name === 'siem' ? { ...each, view: label } : each,
  );
  const streams = [{ ...stream!, destinations }];

  const later = { relay: { ...small.relay, streams, now: () => small.relay.now() + 30 * hour } };
  const held = await erasing(streams, later);
  await small.bucket.put(`replayed/${backup}`, { body, metadata: {} });
  await small.bucket.remove(backup);
  const young = await erasing(streams, { until: 'find' });
  const free = await erasing(streams, later);

  expect(young.found[0]).toMatchObject({
    ...{ kind: 'journal', state: 'owed' },
    reason: expect.stringContaining('28 hours after'),
  });
  expect(held.found.map(({ kind, state }) => [kind, state])).toEqual([
    ['journal', 'owed'],
    ['backup', 'owed'],
  ]);
  expect(free.found.map(({ kind, state }) => [kind, state])).toEqual([
    ['journal', 'deleted'],
    ['replayed', 'deleted'],
  ]);
});

test('a batch whose late events a destination was not sent is owed until they are replayed', async () => {
  await started(false, { siem: 1 });
  const old = `{"user_id":"${person}","timestamp":"2026-01-01T00:00:00.000Z"}`;
  await small.collect([[old], [event]]);
  const [stream] = small.relay.streams;
  const ages = { past: 86_400, otherwise: 'drops' as const, underWay: 0, hold: true };
  const destinations = stream!.destinations.map((each) => (each.name === 'siem' ? { ...each, ages } : each));
  const holding = { ...stream!, destinations };

  const before = await erasing([holding]);
  const sources = ['journal' as const];
  const options = { relay: small.relay, stream: holding, sources, rate: Number.POSITIVE_INFINITY };
  await replay({ ...options, destination: 'siem' });
  const leftOut = await erasing([holding]);
  await replay({ ...options, destination: 'siem', late: true });
  await small.settle();
  const after = await erasing([holding]);

  expect(before.found.map(({ state }) => state)).toEqual(['owed', 'deleted']);
  expect(before.found[0]!.reason).toContain('--source journal --destination siem --late');
  expect(leftOut.found.map(({ state, reason }) => [state, reason])).toEqual([
    ['owed', before.found[0]!.reason],
  ]);
  expect(await small.linesAt('siem')).toEqual([expect.stringContaining(person)]);
  expect(after.found.map(({ state }) => state)).toEqual(['deleted']);
});
