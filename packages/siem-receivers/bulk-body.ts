/** One document of a `_bulk` body, with its action line. */
export interface Action {
  readonly operation: 'index' | 'create';
  readonly index: string;
  /** Absent when OpenSearch is to make one up. */
  readonly id?: string;
  readonly document: Buffer;
}

const names = { _index: 'index', _id: 'id' } as const;

/**
 * Reads action and document lines, which alternate and each end in a newline. Documents are not looked into.
 * @param pathIndex the index that the path names, for actions that name none
 * @returns what is wrong, as text
 */
export function readBulk(body: Buffer, pathIndex: string | undefined): readonly Action[] | string {
  if (body.at(-1) !== 0x0a) return 'The bulk request must be terminated by a newline [\\n]';
  const lines = linesOf(body);
  if (lines.length % 2 !== 0) return 'an action has no document';
  const actions: Action[] = [];
  for (let number = 0; number < lines.length; number += 2) {
    const action = readAction(lines[number]!, pathIndex);
    if (typeof action === 'string') return `Malformed action/metadata line [${number + 1}], ${action}`;
    actions.push({ ...action, document: lines[number + 1]! });
  }
  return actions.length === 0 ? 'request body is required' : actions;
}

function readAction(line: Buffer, pathIndex: string | undefined): Omit<Action, 'document'> | string {
  let action: Record<string, Record<string, unknown>>;
  try {
    action = JSON.parse(line.toString()) as typeof action;
  } catch {
    return 'not JSON';
  }
  const [operation, ...more] = Object.keys(action);
  if ((operation !== 'index' && operation !== 'create') || more.length > 0)
    return `found [${Object.keys(action)}]`;
  const details: { index?: string; id?: string } = { index: pathIndex };
  for (const [name, value] of Object.entries(action[operation] ?? {})) {
    if (!(name in names)) return `unknown parameter [${name}]`;
    if (typeof value !== 'string' || value === '') return `[${name}] is no text`;
    details[names[name as keyof typeof names]] = value;
  }
  const { index, id } = details;
  if (index === undefined) return 'an index is required';
  if (index !== index.toLowerCase() || /[\s"*\\<|,>/?#:]/.test(index) || /^[-_+]/.test(index)) {
    return `invalid index name [${index}]`;
  }
  if (id !== undefined && Buffer.byteLength(id) > 512) return 'the id is longer than 512 bytes';
  return { operation, index, id };
}

function linesOf(body: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = body.indexOf(0x0a); end !== -1; end = body.indexOf(0x0a, start)) {
    lines.push(body.subarray(start, end));
    start = end + 1;
  }
  return lines;
}
