import type { PolicyPrincipal } from './policy.ts';
import { record, texts } from './policy-json.ts';

/** @throws naming the statement and a principal that is not modelled */
export function readPrincipals(written: unknown, name: string): readonly PolicyPrincipal[] {
  if (written === '*') return [{ kind: 'everyone' }];
  const { AWS: aws, Service: service, ...others } = record(written, `${name} Principal`);
  if (Object.keys(others).length > 0) {
    throw new Error(`${name}: Principal ${Object.keys(others).join(', ')} is not modelled here`);
  }
  return [
    ...(aws === undefined
      ? []
      : texts(aws, `${name} Principal.AWS`).map((one) => readAccountPrincipal(one, name))),
    ...(service === undefined
      ? []
      : texts(service, `${name} Principal.Service`).map((one) => readService(one, name))),
  ];
}

function readAccountPrincipal(principal: string, name: string): PolicyPrincipal {
  if (principal === '*') return { kind: 'everyone' };
  const account = /^(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
  if (account !== undefined) return { kind: 'account', accountId: account };
  if (/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(principal)) {
    return { kind: 'role', arn: principal };
  }
  throw new Error(`${name}: Principal ${principal} is not modelled here`);
}

function readService(service: string, name: string): PolicyPrincipal {
  if (!/^[a-z0-9.-]+\.amazonaws\.com$/.test(service)) {
    throw new Error(`${name}: ${service} is no service principal`);
  }
  return { kind: 'service', name: service };
}
