/**
 * A stand-in for Lambda's queue of asynchronous events: retries, ages and dead letters. Destinations are not known.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
import type { VirtualClock } from '../../clock/virtual-clock.ts';
import type { Invocation } from './function-definition.ts';
import type { InvocationOrder } from './invocation-order.ts';

export interface AsyncQueue {
  readonly clock: VirtualClock;
  readonly run: (order: InvocationOrder) => Promise<Invocation>;
  readonly sendTo?: (roleArn: string, arn: string, message: unknown) => Promise<void>;
}

/** Lambda waits one minute before the second attempt and two before the third. */
const retryDelaysMs = [60_000, 120_000];
/** After throttling it waits 1 s, then longer each time, up to 5 minutes. */
const throttleDelayMs = (throttles: number) => Math.min(300_000, 1_000 * 2 ** throttles);

/** Takes an event: it is worked on at once, and again on the clock for as long as its function's settings say. */
export function acceptAsync(order: InvocationOrder, queue: AsyncQueue): void {
  const { clock } = queue;
  const { asynchronous } = order.target;
  const expiresAt = clock.now() + asynchronous.maxEventAgeSeconds * 1000;
  const attempt = async (current: InvocationOrder, throttles: number): Promise<void> => {
    const invocation = await queue.run(current);
    if (invocation.status === 'ok') return finish(current, invocation, queue);
    const throttled = invocation.status === 'throttled';
    const retries = current.attempt - 1;
    const delayMs = throttled ? throttleDelayMs(throttles) : retryDelaysMs[retries];
    const again = throttled || retries < asynchronous.maxRetries;
    const at = clock.now() + (delayMs ?? 0);
    if (!again || delayMs === undefined || at > expiresAt) return finish(current, invocation, queue);
    const next = throttled ? current : { ...current, attempt: current.attempt + 1 };
    clock.at(at, () => attempt(next, throttled ? throttles + 1 : 0));
  };
  clock.at(clock.now(), () => attempt(order, 0));
}

/** Sends an event that failed for good to the function's dead-letter queue. */
async function finish(order: InvocationOrder, invocation: Invocation, queue: AsyncQueue): Promise<void> {
  const { deadLetterArn, name, roleArn } = order.target.definition;
  if (invocation.status === 'ok' || deadLetterArn === undefined) return;
  if (queue.sendTo === undefined) throw new Error(`${name}: nobody here sends events to ${deadLetterArn}`);
  await queue.sendTo(roleArn, deadLetterArn, order.payload);
}
