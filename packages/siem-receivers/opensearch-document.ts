import { isIP } from 'node:net';
import { elementsOf, JsonFault, type MemberSpan, membersOf, onlyValue, type Span } from './json-spans.ts';
import type { FieldType, IndexMapping } from './opensearch-mapping.ts';

/**
 * Reads a document as OpenSearch 2.19 was seen to, and gives the mapping the types that the document is first to have.
 *
 * @returns why OpenSearch refuses it; undefined where it is indexed
 */
export function indexDocument(document: Buffer, mapping: IndexMapping): string | undefined {
  const added = new Map<string, FieldType>();
  try {
    readObject(onlyValue(document), { document, mapping, added, path: '', depth: 1, flat: false });
    if (mapping.types.size + added.size > mostFields)
      return `Limit of total fields [${mostFields}] has been exceeded`;
  } catch (error) {
    if (error instanceof Unindexable) return error.message;
    if (error instanceof JsonFault) return `failed to parse: ${error.message}`;
    throw error;
  }
  for (const [path, type] of added) mapping.types.set(path, type);
  return undefined;
}

class Unindexable extends Error {}

interface Reading {
  readonly document: Buffer;
  readonly mapping: IndexMapping;
  readonly added: Map<string, FieldType>;
  /** Of the object that is read, with a dot at its end; empty for the document. */
  readonly path: string;
  readonly depth: number;
  /** True below a `flat_object`, where a path and a value are one term and nothing has a type. */
  readonly flat: boolean;
}

function readObject(at: Span, reading: Reading): void {
  if (reading.depth > deepest) throw new Unindexable(`The depth of the document is above ${deepest}`);
  const names = new Set<string>();
  for (const member of membersOf(reading.document, at.start)) {
    const { name } = member;
    if (names.has(name)) throw new Unindexable(`Duplicate field '${name}'`);
    names.add(name);
    if (name.split('.').some((part) => part.trim() === ''))
      throw new Unindexable(`field name [${name}] has an empty part`);
    if (reading.path === '' && metadataFields.has(name.split('.')[0]!))
      throw new Unindexable(`Field [${name}] is a metadata field and cannot be added inside a document`);
    readMember(member, reading);
  }
}

function readMember(member: MemberSpan, reading: Reading): void {
  const path = reading.path + member.name;
  if (!reading.flat) refuseDottedWithinPlain(path, reading);
  const type = reading.flat ? undefined : typeOf(path, reading);
  readValue(member, path, { reading, type });
}

interface Field {
  readonly reading: Reading;
  readonly type: FieldType | undefined;
}

function readValue(at: Span, path: string, { reading, type }: Field): void {
  const { document, flat, depth } = reading;
  const first = String.fromCharCode(document[at.start]!);
  if (first === '[') {
    if (depth + 1 > deepest) throw new Unindexable(`The depth of the document is above ${deepest}`);
    const inside = { ...reading, depth: depth + 1 };
    for (const element of elementsOf(document, at.start))
      readValue(element, path, { reading: inside, type: flat ? undefined : (type ?? typeOf(path, reading)) });
    return;
  }
  if (first === '{') {
    if (type !== undefined && type !== 'object' && type !== 'flat_object')
      throw new Unindexable(`failed to parse field [${path}] of type [${type}]: it is an object`);
    if (type === undefined && !flat && reading.mapping.dynamic) reading.added.set(path, 'object');
    const within = { ...reading, path: `${path}.`, depth: depth + 1, flat: flat || type === 'flat_object' };
    readObject(at, within);
    return;
  }
  readPlain(document.toString('utf8', at.start, at.end), path, { reading, type });
}

function readPlain(text: string, path: string, { reading, type }: Field): void {
  const { flat, mapping, added } = reading;
  const isNumber = /^[-0-9]/.test(text);
  if (isNumber && text.length > longestNumber)
    throw new Unindexable(`Number value length (${text.length}) exceeds`);
  const value = text.startsWith('"') ? (JSON.parse(text) as string) : text;
  if (flat) {
    // The term of the stored value begins with the member's name once more.
    const member = path.slice(0, path.indexOf('.') + 1);
    const bytes = Buffer.byteLength(member) + Buffer.byteLength(path) + 1 + Buffer.byteLength(value);
    if (bytes > longestTerm)
      throw new Unindexable(`Document contains at least one immense term in field [${path}]`);
    return;
  }
  if (text === 'null') return;
  if (type === 'object' || type === 'flat_object')
    throw new Unindexable(`object mapping for [${path}] found a concrete value`);
  const own = type ?? (mapping.dynamic ? typeOfValue(text, value) : undefined);
  if (own === undefined) return;
  const fits = valueFits(own, text, value);
  if (!fits && !(mapping.ignoreMalformed && own !== 'boolean'))
    throw new Unindexable(`failed to parse field [${path}] of type [${own}]`);
  if (type === undefined) added.set(path, own);
}

function typeOf(path: string, { mapping, added }: Reading): FieldType | undefined {
  return mapping.types.get(path) ?? added.get(path);
}

/** `a.b` is the member `b` of the object `a`, so `a` cannot be anything else. */
function refuseDottedWithinPlain(path: string, reading: Reading): void {
  for (let dot = path.indexOf('.'); dot !== -1; dot = path.indexOf('.', dot + 1)) {
    const type = typeOf(path.slice(0, dot), reading);
    if (type !== undefined && type !== 'object')
      throw new Unindexable(`the mapping of [${path.slice(0, dot)}] must be of type object but is [${type}]`);
  }
}

/** The type that dynamic mapping gives a member by its first value. */
function typeOfValue(text: string, value: string): FieldType {
  if (text.startsWith('"')) return isoDate.test(value) ? 'date' : 'text';
  if (text === 'true' || text === 'false') return 'boolean';
  return /[.eE]/.test(text) ? 'float' : 'long';
}

function valueFits(type: FieldType, text: string, value: string): boolean {
  switch (type) {
    case 'long':
      return Number.isFinite(Number(value)) && value !== '' && Math.abs(Number(value)) < 2 ** 63;
    case 'float':
      return value.trim() !== '' && Number.isFinite(Math.fround(Number(value)));
    case 'double':
      return value.trim() !== '' && Number.isFinite(Number(value));
    case 'boolean':
      return ['true', 'false', '""'].includes(text) || value === 'true' || value === 'false';
    case 'date':
      return isoDate.test(value) || /^-?\d+$/.test(value);
    case 'ip':
      return isIP(value) !== 0;
    default:
      return true;
  }
}

/** `strict_date_optional_time`. */
const isoDate = /^\d{4}(-\d{2}(-\d{2}(T(\d{2}(:\d{2}(:\d{2}([.,]\d{1,9})?)?)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/** Fields that OpenSearch keeps for itself. */
const metadataFields: ReadonlySet<string> = new Set([
  '_id',
  '_index',
  '_source',
  '_type',
  '_routing',
  '_field_names',
  '_ignored',
  '_nested_path',
  '_seq_no',
  '_primary_term',
  '_version',
  '_doc_count',
  '_size',
]);

/** `index.mapping.depth.limit`, counted here with arrays. */
const deepest = 20;
/** `index.mapping.total_fields.limit`. */
const mostFields = 1_000;
const longestNumber = 1_000;
/** Lucene's limit for one term, in bytes. */
const longestTerm = 32_766;
