// A stand-in for a vendor's endpoint of Amazon Data Firehose, written here after "Understand HTTP endpoint delivery
// request and response specifications" of the Firehose developer guide.
import { type Faults, noFaults } from './faults.ts';
import { type FirehoseRequest, readFirehoseRequest } from './firehose-http-request.ts';
import { type Answer, type Call, noAnswer, startLoopbackServer } from './loopback-server.ts';
import type { Receiver, ReceiverClock } from './receiver.ts';
import { isOutOfRange, type ReceiverAges } from './receiver-ages.ts';
import { createRotatingSecret } from './rotating-secret.ts';

export interface FirehoseHttpReceiverOptions {
  readonly clock: ReceiverClock;
  /** The value that `X-Amz-Firehose-Access-Key` must carry. Absent: the header must be missing, as with Sumo Logic. */
  readonly accessKey?: string;
  /** Path and query of the endpoint, compared as they stand; `/` by default. */
  readonly path?: string;
  /** `lines`: a record holds many newline-ended events. `single`: a record is one event, without a newline. */
  readonly packing: 'lines' | 'single';
  /** Common attributes that must come, exactly; absent means none. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** True if bodies must come compressed, false if they must not; absent means either. */
  readonly encoding?: 'gzip' | 'identity';
  /** How old and how new an event it takes; any by default. For `single` packing alone. */
  readonly ages?: ReceiverAges;
  /** Judges the events of a request beside the protocol: answers why it is refused. */
  readonly refuses?: ((events: readonly string[]) => string | undefined) | undefined;
  /** Checked beside the form of the ARN. */
  readonly acceptsSource?: (deliveryStreamArn: string) => boolean;
}

/** Ways to break the protocol's rules for answers. */
export type WrongAnswer =
  | 'other-request-id'
  | 'no-request-id'
  | 'status-201'
  | 'timestamp-as-text'
  | 'unexpected-field'
  | 'content-encoding'
  | 'above-1-mib'
  | 'other-content-type'
  | 'not-json'
  | 'redirect'
  | 'no-answer';

export interface FirehoseHttpFaults extends Faults {
  /** The next calls are taken, and answered wrongly. */
  wrongAnswers: WrongAnswer[];
}

export interface FirehoseHttpReceiver extends Receiver {
  readonly faults: FirehoseHttpFaults;
  /** Every request that was taken, in order; a repeated one stands twice. */
  readonly requests: readonly FirehoseRequest[];
  rotateKey(next: string, oldValidForMs: number): void;
}

/** Starts the receiver. A request that breaks any rule of the protocol is refused with 400, and says which. */
export async function startFirehoseHttpReceiver(
  options: FirehoseHttpReceiverOptions,
): Promise<FirehoseHttpReceiver> {
  const { clock, packing, ages } = options;
  const key = options.accessKey === undefined ? undefined : createRotatingSecret(options.accessKey, clock);
  const faults: FirehoseHttpFaults = { ...noFaults(), wrongAnswers: [] };
  const requests: FirehoseRequest[] = [];
  const outOfRange = new Set<Buffer>();
  // By its bytes, because a request that is refused comes again until Firehose gives it up.
  const refusedForTime = new Map<string, Buffer>();

  const server = await startLoopbackServer({
    handle,
    faults,
    clock,
    // Nothing is known of the request here, so no valid answer could be given.
    refuse: ({ status, headers }) => ({ status, headers, body: '' }),
  });
  return {
    url: server.url,
    faults,
    refusals: server.refusals,
    requests,
    rotateKey(next, oldValidForMs) {
      if (key === undefined) throw new Error('this receiver takes no access key');
      key.rotate(next, oldValidForMs);
    },
    async eachLine(visit) {
      for (const { records } of requests) {
        for (const record of records) {
          const isOut = outOfRange.has(record);
          if (!(isOut && ages?.otherwise === 'drops'))
            eachEvent(record, packing, (line) => visit(line, isOut));
        }
      }
    },
    eachRefusedForTime(visit) {
      for (const record of refusedForTime.values()) visit(record);
    },
    close: server.close,
  };

  function handle(call: Call): Answer | typeof noAnswer {
    const requestId = String(call.headers['x-amz-firehose-request-id'] ?? '');
    const given = call.headers['x-amz-firehose-access-key'];
    if (key === undefined ? given !== undefined : !key.accepts(String(given ?? ''))) {
      return answer(401, requestId, 'the access key is not accepted');
    }
    const request = readFirehoseRequest(call, { ...options, now: clock.now() });
    if (typeof request === 'string') return answer(400, requestId, request);
    if (ages !== undefined) {
      const out = request.records.filter((record) => isOutOfRange(record, ages, clock.now()));
      if (ages.otherwise !== 're-dates') {
        for (const record of out) refusedForTime.set(record.toString('latin1'), record);
      }
      if (out.length > 0 && ages.otherwise === 'refuses-request')
        return answer(400, requestId, `timestamps_out_of_range: ${out.length} of ${request.records.length}`);
      for (const record of out) outOfRange.add(record);
    }
    const refusal = options.refuses?.(eventsOf(request, packing));
    if (refusal !== undefined) return answer(400, requestId, refusal);
    requests.push(request);
    const wrong = faults.wrongAnswers.shift();
    return wrong === undefined ? answer(200, requestId) : wrongAnswer(wrong, answer(200, requestId));
  }

  function answer(status: number, requestId: string, errorMessage?: string): Answer {
    return {
      status,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ requestId, timestamp: clock.now(), ...(errorMessage && { errorMessage }) }),
      ...(errorMessage && { refusal: errorMessage }),
    };
  }
}

function wrongAnswer(wrong: WrongAnswer, right: Answer): Answer | typeof noAnswer {
  const content = JSON.parse(String(right.body)) as { requestId: string; timestamp: number };
  const json = right.headers as Record<string, string>;
  const body = (value: object) => ({ ...right, body: JSON.stringify(value) });
  switch (wrong) {
    case 'other-request-id':
      return body({ ...content, requestId: '00000000-0000-4000-8000-000000000000' });
    case 'no-request-id':
      return body({ timestamp: content.timestamp });
    case 'status-201':
      return { ...right, status: 201 };
    case 'timestamp-as-text':
      return body({ ...content, timestamp: String(content.timestamp) });
    case 'unexpected-field':
      return body({ ...content, received: 1 });
    case 'content-encoding':
      return { ...right, headers: { ...json, 'content-encoding': 'identity' } };
    case 'above-1-mib':
      return body({ ...content, errorMessage: 'x'.repeat(1_048_576) });
    case 'other-content-type':
      return { ...right, headers: { 'content-type': 'text/plain' } };
    case 'not-json':
      return { ...right, body: 'ok' };
    case 'redirect':
      return { status: 307, headers: { location: '/elsewhere' } };
    case 'no-answer':
      return noAnswer;
  }
}

function eventsOf({ records }: FirehoseRequest, packing: 'lines' | 'single'): readonly string[] {
  const events: string[] = [];
  for (const record of records) eachEvent(record, packing, (line) => events.push(line.toString('utf8')));
  return events;
}

function eachEvent(record: Buffer, packing: 'lines' | 'single', visit: (line: Buffer) => void): void {
  if (packing === 'single') {
    if (record.length > 0) visit(record);
    return;
  }
  let start = 0;
  for (let end = record.indexOf(0x0a); end !== -1; end = record.indexOf(0x0a, start)) {
    if (end > start) visit(record.subarray(start, end));
    start = end + 1;
  }
}
