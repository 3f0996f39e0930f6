import { type AwsError, protocolOf } from './aws-error.ts';

/** Why a call's signature or credentials are not accepted. */
export type AuthProblem =
  | 'unsigned'
  | 'incomplete'
  | 'scope'
  | 'unsigned-header'
  | 'skewed'
  | 'mismatch'
  | 'no-payload-hash'
  | 'payload'
  | 'unknown'
  | 'wrong-token'
  | 'expired'
  | 'denied';

/** The error that the service answers, in its protocol's own words. */
export function authError(service: string, problem: AuthProblem, message: string): AwsError {
  const [status, code] = errors[protocolOf(service)][problem];
  return { status, code, message };
}

type Errors = Readonly<Record<AuthProblem, readonly [status: number, code: string]>>;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const s3: Errors = {
  unsigned: [403, 'AccessDenied'],
  incomplete: [400, 'AuthorizationHeaderMalformed'],
  scope: [400, 'AuthorizationHeaderMalformed'],
  'unsigned-header': [403, 'AccessDenied'],
  skewed: [403, 'RequestTimeTooSkewed'],
  mismatch: [403, 'SignatureDoesNotMatch'],
  'no-payload-hash': [400, 'InvalidRequest'],
  payload: [400, 'XAmzContentSHA256Mismatch'],
  unknown: [403, 'InvalidAccessKeyId'],
  'wrong-token': [400, 'InvalidToken'],
  expired: [400, 'ExpiredToken'],
  denied: [403, 'AccessDenied'],
};

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const query: Errors = {
  unsigned: [403, 'MissingAuthenticationToken'],
  incomplete: [400, 'IncompleteSignature'],
  scope: [403, 'SignatureDoesNotMatch'],
  'unsigned-header': [403, 'SignatureDoesNotMatch'],
  skewed: [403, 'SignatureDoesNotMatch'],
  mismatch: [403, 'SignatureDoesNotMatch'],
  'no-payload-hash': [403, 'SignatureDoesNotMatch'],
  payload: [403, 'SignatureDoesNotMatch'],
  unknown: [403, 'InvalidClientTokenId'],
  'wrong-token': [403, 'InvalidClientTokenId'],
  expired: [403, 'ExpiredToken'],
  denied: [403, 'AccessDenied'],
};

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const json: Errors = {
  unsigned: [400, 'MissingAuthenticationTokenException'],
  incomplete: [400, 'IncompleteSignatureException'],
  scope: [400, 'InvalidSignatureException'],
  'unsigned-header': [400, 'InvalidSignatureException'],
  skewed: [400, 'InvalidSignatureException'],
  mismatch: [400, 'InvalidSignatureException'],
  'no-payload-hash': [400, 'InvalidSignatureException'],
  payload: [400, 'InvalidSignatureException'],
  unknown: [400, 'UnrecognizedClientException'],
  'wrong-token': [400, 'UnrecognizedClientException'],
  expired: [400, 'ExpiredTokenException'],
  denied: [400, 'AccessDeniedException'],
};

const errors = {
  s3,
  query,
  json,
  /** The same names as JSON's, all with status 403. */
  'rest-json': Object.fromEntries(
    Object.entries(json).map(([problem, [, code]]) => [problem, [403, code]]),
  ) as unknown as Errors,
};
