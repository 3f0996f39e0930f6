import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/**
 * A certificate for `localhost` and 127.0.0.1 that signs itself, made anew for each run of the benchmark and good
 * for a day: Node can make keys and signatures but no certificates, so its few DER structures are written here.
 *
 * It is its own authority, which clients are told to trust; its extensions are those that strict verifiers, such as
 * Python 3.13's, ask of one.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function makeCertificate(now: Date): { readonly key: string; readonly certificate: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subjectPublicKeyInfo = publicKey.export({ type: 'spki', format: 'der' });
  const name = sequence(set(sequence(oid(commonName), utf8('mosaic-siem-relay benchmark'))));
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(0x40), randomBytes(15)])),
    sequence(oid(ecdsaWithSha256)),
    name,
    sequence(utcTime(new Date(now.getTime() - hourMs)), utcTime(new Date(now.getTime() + 24 * hourMs))),
    name,
    subjectPublicKeyInfo,
    explicit(3, extensions(subjectPublicKeyInfo)),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const certificate = sequence(toBeSigned, sequence(oid(ecdsaWithSha256)), bitString(signature));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
  };
}

const hourMs = 3_600_000;

// Object identifiers, encoded.
const commonName = '550403';
const ecdsaWithSha256 = '2a8648ce3d040302';
const subjectKeyIdentifier = '551d0e';
const keyUsage = '551d0f';
const subjectAlternativeName = '551d11';
const basicConstraints = '551d13';
const extendedKeyUsage = '551d25';
const serverAuthentication = '2b06010505070301';

function extensions(subjectPublicKeyInfo: Buffer): Buffer {
  // The key itself is the last 65 bytes of its info: an uncompressed point on P-256.
  const keyId = createHash('sha1').update(subjectPublicKeyInfo.subarray(-65)).digest();
  const isAuthority = Buffer.of(0x01, 0x01, 0xff);
  const mayBeAuthority = sequence(isAuthority);
  const signsAndCertifies = Buffer.of(0x03, 0x02, 0x02, 0x84);
  const names = sequence(tagged(0x82, Buffer.from('localhost')), tagged(0x87, Buffer.of(127, 0, 0, 1)));
  return sequence(
    extension(subjectKeyIdentifier, octets(keyId)),
    extension(keyUsage, signsAndCertifies, 'critical'),
    extension(subjectAlternativeName, names),
    extension(basicConstraints, mayBeAuthority, 'critical'),
    extension(extendedKeyUsage, sequence(oid(serverAuthentication))),
  );
}

function extension(id: string, value: Buffer, critical?: 'critical'): Buffer {
  const flag = critical === undefined ? [] : [Buffer.of(0x01, 0x01, 0xff)];
  return sequence(oid(id), ...flag, octets(value));
}

function tagged(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tag), lengthOf(content), content]);
}

function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.of(length);
  return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function set(...parts: Buffer[]): Buffer {
  return tagged(0x31, Buffer.concat(parts));
}

function explicit(tag: number, content: Buffer): Buffer {
  return tagged(0xa0 + tag, content);
}

function oid(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

function integer(bytes: Buffer): Buffer {
  return tagged(0x02, bytes);
}

function utf8(text: string): Buffer {
  return tagged(0x0c, Buffer.from(text));
}

function octets(bytes: Buffer): Buffer {
  return tagged(0x04, bytes);
}

function bitString(bytes: Buffer): Buffer {
  return tagged(0x03, Buffer.concat([Buffer.of(0), bytes]));
}

/** `YYMMDDHHMMSSZ` */
function utcTime(time: Date): Buffer {
  return tagged(0x17, Buffer.from(`${time.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
}
