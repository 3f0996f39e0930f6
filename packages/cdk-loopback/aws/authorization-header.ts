import type { CredentialScope } from './signature.ts';

/** What the `Authorization` header of a signed request says. */
export interface SignedAuthorization {
  readonly accessKeyId: string;
  readonly scope: CredentialScope;
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits. */
  readonly signature: string;
}

export type ReadAuthorization =
  | { readonly kind: 'signed'; readonly authorization: SignedAuthorization }
  /** Not signed with SigV4 in a header at all. */
  | { readonly kind: 'unsigned' }
  | {
      readonly kind: 'incomplete';
      /** Where the scope could be read. */
      readonly service?: string;
      /** What is missing or malformed, in the words of the services. */
      readonly message: string;
    };

const algorithm = 'AWS4-HMAC-SHA256';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html */
export function readAuthorization(header: string | undefined): ReadAuthorization {
  if (!header?.startsWith(`${algorithm} `)) return { kind: 'unsigned' };
  const parameters = new Map(
    header
      .slice(algorithm.length)
      .split(',')
      .map((parameter) => {
        const equals = parameter.indexOf('=');
        return [parameter.slice(0, equals).trim(), parameter.slice(equals + 1).trim()] as const;
      }),
  );
  const { Credential, SignedHeaders, Signature } = Object.fromEntries(parameters);
  const credential = /^([^/\s]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request$/.exec(Credential ?? '');
  const [, accessKeyId, day, region, service] = credential ?? [];
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !parameters.get(name));
  if (missing.length > 0)
    return {
      kind: 'incomplete',
      service,
      message: missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' '),
    };
  if (!credential) {
    const message = `Credential must have the form <key>/<YYYYMMDD>/<region>/<service>/aws4_request, got: '${Credential}'.`;
    return { kind: 'incomplete', message };
  }
  if (!/^[0-9a-f]{64}$/.test(Signature!))
    return { kind: 'incomplete', service, message: "'Signature' must be 64 hexadecimal digits." };
  return {
    kind: 'signed',
    authorization: {
      accessKeyId: accessKeyId!,
      scope: { day: day!, region: region!, service: service! },
      signedHeaders: SignedHeaders!.split(';'),
      signature: Signature!,
    },
  };
}
