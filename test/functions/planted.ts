import { credentials } from './mosaic/scripted-server.ts';

/** Personal data or a secret, as an answer may echo it, and what of it must be found nowhere. */
export interface Plant {
  readonly kind: string;
  readonly text: string;
  /** In lower case: the text itself and its telling parts. */
  readonly needles: readonly string[];
}

/** The access token that the tests' token endpoint grants. */
export const grantedToken =
  'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ3Lm95ZWxhcmFuIiwidGlkIjoidDgxOTIifQ.c2lnbmF0dXJlLXF3ZXJ0eg';

const secret = credentials.clientSecret;
const event =
  '{"activity":"user_login","user_id":"8XrdnAMJcMD8RhVMjDipa","ip":"203.0.113.77","user_agent":"okhttp/4.12","additionalParams":{"email":"w.oyelaran@example.org"}}';

const texts: Readonly<Record<string, string>> = {
  'full name': 'Wilhelmina Oyelaran',
  'first name': 'Zebediah',
  'name of particles': 'An To',
  'name with umlauts': 'Jürgen Groß-Schäfer',
  'name in Han characters': '山田太郎',
  'name in Cyrillic': 'Анна Петрова',
  'name in Arabic': 'فاطمة الزهراء',
  'name in full width': 'Ｗｉｌｈｅｌｍｉｎａ',
  'user name': 'woyelaran87',
  'e-mail address': 'w.oyelaran@example.org',
  'e-mail address with a tag': '"w oyelaran"+shop@xn--mller-kva.example',
  'e-mail address as HTML entities': '&#119;&#46;oyelaran&#64;example&#46;org',
  'phone number, international': '+4915123456789',
  'phone number, national': '(202) 555-0143',
  'IPv4 address': '203.0.113.77',
  'IPv6 address': '2001:db8:85a3::8a2e:370:7334',
  'IPv4 address within IPv6': '::ffff:198.51.100.23',
  'MAC address': '3c:22:fb:9a:0d:e1',
  'street address': '742 Evergreen Terrace, Springfield',
  'postal code': '10115 Berlin-Mitte',
  'number as a code': '482',
  coordinates: '52.520008,13.404954',
  'date of birth': '1987-04-23',
  'passport number': 'C01X00T478',
  'social security number': '078-05-1120',
  'national id': '44051401359',
  'licence plate': 'B-WO 8719',
  IBAN: 'DE89370400440532013000',
  'IBAN in groups': 'GB29 NWBK 6016 1331 9268 19',
  'bank code': 'COBADEFFXXX',
  'credit card': '4111111111111111',
  'credit card in groups': '5500-0055-5555-5559',
  'health note': 'diagnosed with asthma',
  'free text': 'she moved to lisbon and phoned twice about her divorce',
  'free text in German': 'Bitte rufen Sie mich morgen zurück',
  'free text in capitals': 'MEINE BESTELLUNG KAM NIE',
  'user agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Safari/604.1',
  'device fingerprint': 'f3b0c44298fc1c149afbf4c8996fb924',
  'user id': '8XrdnAMJcMD8RhVMjDipa',
  UUID: '885cd06b-7f2e-4c1a-9d3b-2a6f0e4b8c57',
  ULID: '01HRZ3K9QJ8W5N2V7X4T6Y0BCD',
  'session cookie': 'sid=s%3AqW3rTy7u.Zx9cVbNm; Path=/; HttpOnly',
  'URL with a token': 'https://login.example.org/reset?ticket=kTz71Qpl09',
  JWT: 'eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6Inguc0BleGFtcGxlLm9yZyJ9.x-Yz0123456789abcdef',
  'access token as a bearer': `Bearer ${grantedToken}`,
  'access key': 'AKIAIOSFODNN7EXAMPLE',
  password: 'correct-horse-battery-staple',
  'client secret': secret,
  'client secret in base64': Buffer.from(secret).toString('base64'),
  'client secret in base64url': Buffer.from(secret).toString('base64url'),
  'client secret in hex': Buffer.from(secret).toString('hex'),
  'client secret in a URL': encodeURIComponent(secret),
  'client secret in a form': new URLSearchParams({ v: secret }).toString().slice(2),
  'client secret as basic credentials': `Basic ${Buffer.from(`${credentials.clientId}:${secret}`).toString('base64')}`,
  'client secret in base64 of base64': Buffer.from(Buffer.from(secret).toString('base64')).toString('base64'),
  'client secret escaped': [...secret]
    .map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join(''),
  'whole event': event,
  'event in base64': Buffer.from(event).toString('base64'),
};

/** Words that our own messages, settings and requests have as well. */
const ordinary = new Set([
  'client',
  'many',
  'secret',
  'first',
  'path',
  'activity',
  'https',
  'with',
  'and',
  'her',
  'she',
]);

export const plants: readonly Plant[] = Object.entries(texts).map(([kind, text]) => ({
  kind,
  text,
  needles: needlesOf(text),
}));

/** Every run of letters and digits that is long enough to tell, the digits alone, and how a header writes it. */
function needlesOf(text: string): readonly string[] {
  const parts = text.match(/[\p{L}\p{N}]{3,}/gu) ?? [];
  const digits = text.replace(/\D/g, '');
  // A time or a length may be the same number.
  if (/^\d{1,3}$/.test(text)) return [`code ${text}`, `error ${text}`];
  return [
    text,
    encodeURIComponent(text),
    ...parts.filter((part) => part.length > (/^\d+$/.test(part) ? 4 : 2)),
    ...(digits.length > 4 ? [digits] : []),
  ]
    .map((needle) => needle.toLowerCase())
    .filter((needle) => !ordinary.has(needle));
}

/** What of a plant stands in a text; of short parts only whole words count, since `removed` does not tell `moved`. */
export function foundIn(text: string, { needles }: Plant): readonly string[] {
  const lower = text.toLowerCase();
  const words = new Set(lower.match(/[\p{L}\p{N}]+/gu));
  return needles.filter((needle) =>
    /^[\p{L}\p{N}]{1,9}$/u.test(needle) ? words.has(needle) : lower.includes(needle),
  );
}
