import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { RelayError } from '../relay-error.ts';
import { networkFailure } from '../shown-failure.ts';
import { streamType } from './contract.ts';
import { physicalId } from './perform.ts';
import type { Performed } from './performed.ts';
import type { LifecycleRequest } from './request.ts';

/** In characters, each of up to 3 bytes. CloudFormation takes 4,096 bytes, and the rest of an answer is under 1 KB. */
const longestReason = 1_000;
const attempts = 4;

/**
 * Answers CloudFormation by a PUT to the signed URL of the request.
 *
 * @throws {RelayError} `AnswerRefused` after four attempts; Lambda then delivers the request again
 * @see CloudFormation user guide, "Custom resource response objects"
 */
export async function sendResponse(
  request: LifecycleRequest,
  performed: Performed,
  sleep: (ms: number) => Promise<void>,
): Promise<void> {
  const body = responseBody(request, performed);
  let last = '';
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (attempt > 1) await sleep(500 * 2 ** attempt);
    const outcome = await put(request.ResponseURL, body);
    if (outcome === 'accepted') return;
    last = outcome;
  }
  throw new RelayError(
    'AnswerRefused',
    `CloudFormation could not be told about ${request.LogicalResourceId}: ${last}. The request will be delivered again.`,
  );
}

/** The document that CloudFormation reads. */
export function responseBody(request: LifecycleRequest, performed: Performed): string {
  return JSON.stringify({
    Status: performed.kind === 'done' ? 'SUCCESS' : 'FAILED',
    ...(performed.kind === 'done' ? { Data: performed.data } : { Reason: shortened(performed.reason) }),
    PhysicalResourceId: identityOf(request, performed),
    StackId: request.StackId,
    RequestId: request.RequestId,
    LogicalResourceId: request.LogicalResourceId,
  });
}

function identityOf(request: LifecycleRequest, performed: Performed): string {
  const own = performed.kind === 'done' ? performed.physicalId : undefined;
  const asked = request.ResourceType === streamType ? undefined : request.PhysicalResourceId;
  return own ?? asked ?? physicalId(request);
}

function shortened(reason: string): string {
  return reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason;
}

/** The URL's query is a signature, so no message repeats it. */
function put(url: string, body: string): Promise<string> {
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const headers = {
      // CloudFormation signed an empty content type.
      'content-type': '',
      'content-length': Buffer.byteLength(body),
    };
    const sent = send(url, { method: 'PUT', headers, timeout: 10_000 }, (response) => {
      response.resume();
      response.on('end', () =>
        resolve(response.statusCode === 200 ? 'accepted' : `HTTP ${response.statusCode}`),
      );
      response.on('error', (error) => resolve(networkFailure(error)));
    });
    sent.on('timeout', () => {
      resolve('no answer within 10 s');
      sent.destroy();
    });
    sent.on('error', (error) => resolve(networkFailure(error)));
    sent.end(body);
  });
}
