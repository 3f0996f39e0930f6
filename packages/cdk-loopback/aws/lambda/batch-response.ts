import type { Invocation } from './function-definition.ts';

/**
 * Which messages of a batch come back. A function that failed, or whose answer Lambda cannot read, fails them all.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html "Success and failure conditions"
 */
export function failedMessages(
  ids: readonly string[],
  { status, payload }: Pick<Invocation, 'status' | 'payload'>,
  reportsFailures: boolean,
): ReadonlySet<string> {
  const all = new Set(ids);
  if (status !== 'ok') return all;
  if (!reportsFailures || payload === null || payload === undefined || payload === '') return new Set();
  const { batchItemFailures } = payload as { readonly batchItemFailures?: unknown };
  if (batchItemFailures === undefined || batchItemFailures === null) return new Set();
  if (!Array.isArray(batchItemFailures)) return all;
  const failed = batchItemFailures.map((item) => (item as { itemIdentifier?: unknown })?.itemIdentifier);
  return failed.every((id) => typeof id === 'string' && all.has(id)) ? new Set(failed as string[]) : all;
}
