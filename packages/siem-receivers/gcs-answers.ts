import type { Answer } from './loopback-server.ts';

/** An error as the JSON API words it. @see https://cloud.google.com/storage/docs/json_api/v1/status-codes */
export function gcsError(status: number, reason: string, message: string): Answer {
  const errors = [{ message, domain: 'global', reason }];
  return { ...gcsJson(status, { error: { code: status, message, errors } }), refusal: message };
}

export function gcsJson(status: number, value: object): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify(value),
  };
}

/** @param permission such as `storage.objects.create` */
export function permissionDenied(principal: string, permission: string): Answer {
  return gcsError(
    403,
    'forbidden',
    `${principal} does not have ${permission} access to the Google Cloud Storage object. ` +
      `Permission '${permission}' denied on resource (or it may not exist).`,
  );
}

/** The answer that belongs to a status that a fault switch asks for. */
export function gcsErrorFor(status: number): Answer {
  const reasons: Partial<Record<number, string>> = {
    401: 'authError',
    403: 'forbidden',
    404: 'notFound',
    429: 'rateLimitExceeded',
    503: 'backendError',
  };
  return gcsError(status, reasons[status] ?? 'internalError', 'Switched on.');
}
