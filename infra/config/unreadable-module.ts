import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Says why a module could not be imported, and where: in the module itself, or in one that it imports.
 *
 * @param error what the import threw
 * @param module absolute path of the imported module
 */
export function whyUnreadable(error: unknown, module: string): Unreadable {
  if (!(error instanceof Error)) return { file: module, word: `it threw ${String(error)}` };
  const { message, stack = '' } = error;
  const missing = /^(Cannot find \w+ '(.+)') imported from (.+)$/.exec(firstLine(message));
  if (missing !== null) {
    const [, word, sought, importer] = missing as unknown as readonly [string, string, string, string];
    const file = pathOf(importer);
    return { file, line: lineThatNames(basename(sought), file), word };
  }
  const word = firstLine(message);
  const place = excerptOf(stack) ?? checked(error, module) ?? frameOf(stack, module);
  return { file: place?.file ?? module, line: place?.line, word };
}

export interface Unreadable {
  /** Absolute path. */
  readonly file: string;
  /** Absent where nobody says it. */
  readonly line?: number | undefined;
  /** The compiler's or the runtime's own word, on one line. */
  readonly word: string;
}

interface Place {
  readonly file: string;
  readonly line: number;
}

/** Node writes place and source lines before the error's name, where the source could not be compiled or linked. */
function excerptOf(stack: string): Place | undefined {
  const [, file, line] = /^((?:file:\/\/|\/|[A-Za-z]:[\\/]).*):(\d+)\n/.exec(stack) ?? [];
  return file === undefined ? undefined : { file: pathOf(file), line: Number(line) };
}

/** The innermost line of the module, or else of a file beside it, that was at work when the error was thrown. */
function frameOf(stack: string, module: string): Place | undefined {
  const frames = [...stack.matchAll(frame)];
  const places = frames.map(([, file = '', line]) => ({ file: pathOf(file), line: Number(line) }));
  const others = places.filter(({ file }) => !ownFiles.has(file) && !file.includes('node_modules'));
  return places.find(({ file }) => file === module) ?? others[0];
}

/** `    at name (file:///stages.ts:2:9)`, `    at async file:///stages.ts:2:9` */
const frame = /^ +at (?:async )?(?:.*\()?((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()\n]*):(\d+):\d+\)?$/gm;

/** The files that every such stack passes through. */
const ownFiles = new Set([
  import.meta.filename,
  import.meta.filename.replace('unreadable-module', 'settings-file'),
]);

/** JavaScript that cannot be parsed has no place in its error. Node's own check prints it. */
function checked(error: Error, module: string): Place | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  const { stderr } = spawnSync(process.execPath, ['--check', module], { encoding: 'utf8' });
  return excerptOf(stderr);
}

function lineThatNames(name: string, file: string): number | undefined {
  const lines = readFileSync(file, 'utf8').split('\n');
  const index = lines.findIndex((line) => line.includes(`${name}'`) || line.includes(`${name}"`));
  return index === -1 ? undefined : index + 1;
}

function pathOf(place: string): string {
  return place.startsWith('file:') ? fileURLToPath(place) : place;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
