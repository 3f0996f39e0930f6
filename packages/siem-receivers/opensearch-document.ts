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
    readObject(onlyValue(document), { document, mapping, added, path: '', depth: 1, as: 'mapped' });
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
  /** Objects around what is read, the document among them. */
  readonly depth: number;
  readonly as: ReadAs;
}

/**
 * `mapped`: names and values have types. `flat`: below a `flat_object`, where a path and a value are one term.
 * `skipped`: below a member that nothing is indexed of, where OpenSearch looks for the end of the object alone.
 */
type ReadAs = 'mapped' | 'flat' | 'skipped';

function readObject(at: Span, reading: Reading): void {
  const { document, mapping, path, depth, as } = reading;
  if (as === 'mapped' && mapping.dynamic && depth > deepest)
    throw new Unindexable(`The depth of the document is above ${deepest}`);
  if (as === 'flat' && depth > deepestFlat)
    throw new Unindexable(`The depth of a flat object is above ${deepestFlat}`);
  const names = new Set<string>();
  for (const member of membersOf(document, at.start)) {
    const { name } = member;
    if (names.has(name)) throw new Unindexable(`Duplicate field '${name}'`);
    names.add(name);
    const field = { reading, type: undefined, lists: 0 };
    if (as !== 'mapped') readValue(member, path + name, field);
    else readMapped(member, readName(name, reading), reading);
  }
}

/** Splits a name as Java does: dots at its end count for nothing. @returns the name without them */
function readName(name: string, { path: above, mapping }: Reading): string {
  const whole = name.replace(/\.+$/, '');
  const parts = whole.split('.');
  // A name without a dot is looked at where it is made the path of a new member.
  const isUnread = name !== '' && !name.includes('.') && (above === '' || !mapping.dynamic);
  if (!isUnread && parts.some((part) => javaWhiteSpace.test(part)))
    throw new Unindexable(`field name [${name}] has an empty part`);
  if (above === '' && parts.length > 1 && metadataMappers.has(parts[0]!))
    throw new Unindexable(
      `Could not dynamically add mapping for field [${name}]. Existing mapping for [${parts[0]}] must be of type object`,
    );
  return whole;
}

function readMapped(member: MemberSpan, name: string, reading: Reading): void {
  const { document, mapping, path: above } = reading;
  const path = above + name;
  if (above === '' && (metadataMappers.has(name) || name === '_primary_term')) {
    const isCount =
      name === '_doc_count' &&
      /^(\[)?[1-9]\d*(\])?$/.test(document.toString('utf8', member.start, member.end));
    if (!mapping.ignoreMalformed && !isCount)
      throw new Unindexable(`Field [${name}] is a metadata field and cannot be added inside a document`);
    readValue(member, path, { reading: { ...reading, as: 'skipped' }, type: undefined, lists: 0 });
    return;
  }
  refuseDottedWithinPlain(path, reading);
  readValue(member, path, { reading, type: typeOf(path, reading), lists: 0 });
}

interface Field {
  readonly reading: Reading;
  readonly type: FieldType | undefined;
  /** Lists directly around the value. */
  readonly lists: number;
}

function readValue(at: Span, path: string, { reading, type, lists }: Field): void {
  const { document, as } = reading;
  const first = String.fromCharCode(document[at.start]!);
  if (first === '[') {
    if (as === 'mapped' && lists === deepest)
      throw new Unindexable(`The depth of the lists in [${path}] is above ${deepest}`);
    for (const element of elementsOf(document, at.start)) {
      const known = as === 'mapped' ? (type ?? typeOf(path, reading)) : undefined;
      readValue(element, path, { reading, type: known, lists: lists + 1 });
    }
    return;
  }
  if (first === '{') {
    const within = {
      ...reading,
      path: `${path}.`,
      depth: reading.depth + 1,
      as: asBelow(path, reading, type),
    };
    if (within.as === 'mapped' && type === undefined) reading.added.set(path, 'object');
    readObject(at, within);
    return;
  }
  readPlain(document.toString('utf8', at.start, at.end), path, { reading, type, lists });
}

function asBelow(path: string, { as, mapping }: Reading, type: FieldType | undefined): ReadAs {
  if (as !== 'mapped') return as;
  if (type === 'flat_object') return 'flat';
  if (type === 'object') return 'mapped';
  if (type === undefined) return mapping.dynamic ? 'mapped' : 'skipped';
  if (!isIgnored(type, mapping))
    throw new Unindexable(`failed to parse field [${path}] of type [${type}]: it is an object`);
  return 'skipped';
}

/** True where a value that does not fit is left out of the index, and the document is taken. */
function isIgnored(type: FieldType, { ignoreMalformed }: IndexMapping): boolean {
  return ignoreMalformed && type !== 'boolean' && type !== 'object';
}

function readPlain(text: string, path: string, { reading, type }: Field): void {
  const { as, mapping, added } = reading;
  const isNumber = /^[-0-9]/.test(text);
  if (isNumber && text.length > longestNumber)
    throw new Unindexable(`Number value length (${text.length}) exceeds`);
  const value = text.startsWith('"') ? (JSON.parse(text) as string) : text;
  if (as === 'flat') refuseLongTerm(path, value);
  if (as !== 'mapped' || text === 'null') return;
  const own = type ?? (mapping.dynamic ? typeOfValue(text, value) : undefined);
  if (own === undefined) return;
  if (!valueFits(own, text, value) && !isIgnored(own, mapping))
    throw new Unindexable(`failed to parse field [${path}] of type [${own}]`);
  if (type === undefined) added.set(path, own);
}

/** The term of a value in a `flat_object` begins with the member's name once more. */
function refuseLongTerm(path: string, value: string): void {
  const member = path.slice(0, path.indexOf('.') + 1);
  const bytes = Buffer.byteLength(member) + Buffer.byteLength(path) + 1 + Buffer.byteLength(value);
  if (bytes > longestTerm)
    throw new Unindexable(`Document contains at least one immense term in field [${path}]`);
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
    case 'object':
    case 'flat_object':
      return false;
    default:
      return true;
  }
}

/** `strict_date_optional_time`. */
const isoDate = /^\d{4}(-\d{2}(-\d{2}(T(\d{2}(:\d{2}(:\d{2}([.,]\d{1,9})?)?)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/** `Character.isWhitespace`, which takes other characters for white space than JavaScript does. */
const javaWhiteSpace =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Java's white space has four of them.
  /^[\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]*$/;

/** Fields that OpenSearch keeps for itself. `_primary_term` is one too, and has no mapper. */
const metadataMappers: ReadonlySet<string> = new Set([
  '_id',
  '_index',
  '_source',
  '_routing',
  '_field_names',
  '_ignored',
  '_nested_path',
  '_seq_no',
  '_version',
  '_doc_count',
  '_data_stream_timestamp',
]);

/** `index.mapping.depth.limit`: of objects that have types, and of lists directly within lists. */
const deepest = 20;
/** OpenSearch takes 100 levels; at 999 it does not answer any more, and neither does it later. */
const deepestFlat = 100;
/** `index.mapping.total_fields.limit`. */
const mostFields = 1_000;
const longestNumber = 1_000;
/** Lucene's limit for one term, in bytes. */
const longestTerm = 32_766;
