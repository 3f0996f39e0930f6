import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeCertificate } from '../../../lab/bench/tls-certificate.ts';

test('the certificate is its own authority, for this machine and this day', () => {
  const now = new Date('2026-03-01T12:00:00Z');
  const { key, certificate } = makeCertificate(now);
  const parsed = new X509Certificate(certificate);

  expect(parsed.verify(parsed.publicKey)).toBe(true);
  expect(parsed.checkPrivateKey(createPrivateKey(key))).toBe(true);
  expect(parsed.ca).toBe(true);
  expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(parsed.checkHost('localhost')).toBe('localhost');
  expect(parsed.validFromDate < now && parsed.validToDate > now).toBe(true);
  expect(parsed.validToDate.getTime() - now.getTime()).toBeLessThanOrEqual(24 * 3_600_000);
});
