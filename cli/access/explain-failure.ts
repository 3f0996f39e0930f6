import { CommandError } from '../command.ts';

/**
 * Performs calls on AWS. A failure that an operator can put right becomes one line, which says what was looked for,
 * where, and what would help.
 *
 * @param sought what was looked for, as `stack mosaic-relay-dev`
 * @param where as `eu-west-1`, or `the local run`
 * @throws {CommandError} for a failure that an operator can put right; any other error unchanged
 */
export async function explainingFailure<Value>(
  { sought, where }: { readonly sought: string; readonly where: string },
  effect: () => Promise<Value>,
): Promise<Value> {
  try {
    return await effect();
  } catch (error) {
    const help = helpFor(error);
    if (help === undefined) throw error;
    throw Object.assign(new CommandError(`looked for ${sought} in ${where}: ${help}`), { cause: error });
  }
}

/** True if every later call would fail too, because of the credentials or the network. */
export function failsForAll(error: unknown): boolean {
  return helpForCaller(error) !== undefined;
}

function helpFor(error: unknown): string | undefined {
  if (error instanceof Error && isDenied(error)) return `it is not allowed: ${firstLine(error.message)}`;
  return helpForCaller(error);
}

export function isDenied({ name }: Error): boolean {
  return /AccessDenied|Forbidden/.test(name);
}

function helpForCaller(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  const code = 'code' in error ? String(error.code) : '';
  if (name === 'CredentialsProviderError' || /could not load credentials/i.test(message)) {
    return 'no AWS credentials were found; log in (aws sso login, aws configure) or set AWS_PROFILE';
  }
  if (/^Expired|TokenRefreshRequired/.test(name)) return 'the AWS credentials have expired; log in again';
  if (
    /InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidAccessKeyId|AuthFailure/.test(name)
  ) {
    return 'AWS does not accept these credentials; log in again, or set another AWS_PROFILE';
  }
  if (['ENOTFOUND', 'EAI_AGAIN'].includes(code)) {
    return 'its address is not known; see whether the region is right and the network is there';
  }
  if (['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH'].includes(code) || name === 'TimeoutError') {
    return 'nobody answers there';
  }
  return undefined;
}

export function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
