import { z } from 'zod/mini';
import type { HttpOutcome } from '../http-attempt.ts';
import type { Failure } from '../retry.ts';

/** Only a 200 whose body keeps every rule is success. */
export function judgeHttpAnswer(outcome: HttpOutcome, requestId: string): Failure | undefined {
  if (outcome.kind === 'too-large') {
    return { code: 'HttpEndpoint.ResponseTooLarge', message: 'The response was above 1 MiB.' };
  }
  if (outcome.kind === 'failed') return { code: transportCodes[outcome.reason], message: outcome.message };
  const { status } = outcome;
  const problem = answerProblem(outcome, requestId);
  if (status === 200 && !problem) return undefined;
  if (status === 413) {
    return { code: 'HttpEndpoint.DestinationException', message: 'Status 413.', permanent: true };
  }
  if (problem) return { code: 'HttpEndpoint.InvalidResponseFromDestination', message: problem };
  const message = `Status ${status}: ${outcome.body.toString('utf8', 0, 1024)}`;
  return { code: 'HttpEndpoint.DestinationException', message };
}

const transportCodes = {
  connect: 'HttpEndpoint.ConnectionFailed',
  reset: 'HttpEndpoint.ConnectionReset',
  timeout: 'HttpEndpoint.RequestTimeout',
} as const;

const answerSchema = z.strictObject({
  requestId: z.string(),
  timestamp: z.number(),
  errorMessage: z.optional(z.string().check(z.maxLength(8192))),
});

function answerProblem(
  { headers, body }: HttpOutcome & { readonly kind: 'answer' },
  requestId: string,
): string | undefined {
  if (headers['content-type'] !== 'application/json') return 'The content type is not application/json.';
  if (headers['content-encoding'] !== undefined) return 'The response has a content encoding.';
  let parsed: ReturnType<typeof answerSchema.safeParse>;
  try {
    parsed = answerSchema.safeParse(JSON.parse(body.toString('utf8')));
  } catch {
    return 'The response is not JSON.';
  }
  if (!parsed.success) return `The response is not valid: ${parsed.error.issues[0]?.message}`;
  return parsed.data.requestId === requestId ? undefined : 'The response has another requestId.';
}
