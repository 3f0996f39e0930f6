import { endOfLiteral, endOfNumber, endOfString } from '../../answers/json-tokens.ts';

/**
 * True if OpenSearch indexes an event under the index template of `content/opensearch`. OpenSearch 2.19 refuses an event
 * each time it is sent for a name that stands twice in an object, for an empty name or part of a name at the top, for a
 * number above 1,000 characters, and for a value above Lucene's limit for a term. Three more kinds are false, which 2.19
 * takes and which no event of Mosaic's has: a metadata member, which is refused without `ignore_malformed`; an object where
 * the template has a plain value or the reverse, since that member would not be indexed; and nesting above 20, since a
 * `flat_object` of 999 levels kept 2.19.6 from answering ever again.
 *
 * @param source holds one valid JSON object from `start` to before `end`
 * @see https://docs.opensearch.org/2.19/field-types/supported-field-types/flat-object/
 */
export function isIndexable(source: Uint8Array, start: number, end: number): boolean {
  const text = Buffer.from(source.buffer, source.byteOffset, source.length);
  const open: Container[] = [];
  let top: Container | undefined;
  let at = start;
  while (at < end) {
    const byte = source[at]!;
    if (byte === openObject || byte === openArray) {
      if (top !== undefined && !mayHold(top, byte)) return false;
      top = contained(top, byte === openObject);
      open.push(top);
      if (open.length > deepest) return false;
      at += 1;
    } else if (byte === closeObject || byte === closeArray) {
      open.pop();
      top = open.at(-1);
      at += 1;
    } else if (byte === comma) {
      if (top?.names !== undefined) top.name = undefined;
      at += 1;
    } else if (byte === quote) {
      const after = endOfString(source, at + 1);
      if (top?.names !== undefined && top.name === undefined) {
        const name = nameOf(text.toString('utf8', at + 1, after - 1));
        if (!mayBeNamed(top, name)) return false;
        top.names.add(name);
        top.name = name;
      } else if (!isValueIndexable(top, after - at - 2)) return false;
      at = after;
    } else if (byte === minus || (byte >= 0x30 && byte <= 0x39)) {
      const after = endOfNumber(source, at);
      if (after - at > longestNumber || !isValueIndexable(top, after - at)) return false;
      at = after;
    } else if (byte > 0x60) {
      const after = endOfLiteral(source, at);
      if (!isValueIndexable(top, after - at)) return false;
      at = after;
    } else at += 1;
  }
  return true;
}

/** The members of the template that hold one plain value. */
export const plainMembers: ReadonlySet<string> = new Set([
  'activity',
  'timestamp',
  'ip',
  'user_agent',
  'app_id',
  'original_app_id',
  'user_id',
  'original_user_id',
  'actor_id',
  'original_actor_id',
  'actor_type',
  'target_resource_id',
  'target_resource_type',
  'tenant_id',
  'client_id',
  'device_id',
  'invocation_id',
  'correlation_id',
  'flow_id',
  'event',
]);

/** The members of the template that are a `flat_object`, whose every leaf is one term of path and value. */
export const flatMembers: ReadonlySet<string> = new Set(['additionalParams', 'additional_params']);

interface Container {
  /** Of an object, every name so far; undefined of an array. */
  readonly names: Set<string> | undefined;
  /** The member that is being read. */
  name: string | undefined;
  readonly isEvent: boolean;
  /** Bytes of the path to here under a `flat_object`; undefined elsewhere. */
  readonly path: number | undefined;
}

function contained(parent: Container | undefined, isObject: boolean): Container {
  return {
    names: isObject ? new Set() : undefined,
    name: undefined,
    isEvent: parent === undefined,
    path: parent === undefined ? undefined : pathWithin(parent),
  };
}

/** The length of the path to what is read in a container; undefined where no `flat_object` is around. */
function pathWithin(parent: Container): number | undefined {
  const name = parent.name ?? '';
  // The term of a stored value begins with the member's name once more.
  if (parent.isEvent) return flatMembers.has(name) ? 2 * name.length + 1 : undefined;
  if (parent.path === undefined) return undefined;
  return parent.path + (parent.names === undefined ? 0 : 1 + Buffer.byteLength(name));
}

/** True if an object or array may stand where a container is being read. */
function mayHold(parent: Container, byte: number): boolean {
  if (!parent.isEvent) return true;
  if (plainMembers.has(parent.name!)) return false;
  return byte === openObject || !flatMembers.has(parent.name!);
}

/** @param bytes the length of a value's text, which is no shorter than the value as Lucene stores it */
function isValueIndexable(parent: Container | undefined, bytes: number): boolean {
  if (parent === undefined || (parent.isEvent && flatMembers.has(parent.name!))) return false;
  const path = pathWithin(parent);
  return path === undefined || path + 1 + bytes <= longestTerm;
}

/** Below the top no name has a type of its own, so that OpenSearch does not take it apart. */
function mayBeNamed({ names, isEvent }: Container, name: string): boolean {
  if (names!.has(name)) return false;
  if (!isEvent) return true;
  if (!name.includes('.')) return name !== '' && !metadataMembers.has(name);
  const parts = name.replace(/\.+$/, '').split('.');
  return !parts.some((part) => javaWhiteSpace.test(part)) && !hasType(parts[0]!);
}

/** True for a member that a dotted name cannot lead into, since the template or OpenSearch itself has a type for it. */
function hasType(name: string): boolean {
  return name === '_relay' || metadataMembers.has(name) || plainMembers.has(name) || flatMembers.has(name);
}

/** A lone string is not touched by the fault of `JSON.parse` that mixes up object keys. */
function nameOf(text: string): string {
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}

/** OpenSearch's own fields, which no document may have. @see https://docs.opensearch.org/2.19/mappings/metadata-fields/index/ */
const metadataMembers: ReadonlySet<string> = new Set([
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
  '_data_stream_timestamp',
  '_size',
]);

/** `Character.isWhitespace`: OpenSearch refuses a part of a name that has nothing else. Java drops dots at the end. */
const javaWhiteSpace =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Java's white space has four of them.
  /^[\t-\r\x1c-\x20\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]*$/;

/** Lucene's limit for a term in bytes. @see https://lucene.apache.org/core/9_12_0/core/org/apache/lucene/index/IndexWriter.html#MAX_TERM_LENGTH */
const longestTerm = 32_766;
/** Of the JSON reader that OpenSearch uses: characters of a number. */
const longestNumber = 1_000;
/** `index.mapping.depth.limit`. */
const deepest = 20;

const openObject = 0x7b;
const closeObject = 0x7d;
const openArray = 0x5b;
const closeArray = 0x5d;
const quote = 0x22;
const comma = 0x2c;
const minus = 0x2d;
