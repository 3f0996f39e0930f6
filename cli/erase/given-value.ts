import { readFile } from 'node:fs/promises';
import { CommandError, type Terminal } from '../command.ts';

/** The value that is sought: from a file, from stdin, or from the command line itself. No message repeats it. */
export async function givenValue(
  {
    value,
    'value-file': file,
  }: { readonly value?: string | undefined; readonly 'value-file'?: string | undefined },
  { firstLine }: Pick<Terminal, 'firstLine'>,
): Promise<string> {
  const text = file !== undefined ? await contentOf(file) : value === '-' ? await firstLine?.() : value;
  const read = text?.replace(/\r?\n$/, '') ?? '';
  if (read === '')
    throw new CommandError('there is no value: the file, or the first line of stdin, is empty');
  if (/[\r\n]/.test(read)) throw new CommandError('--value-file is to hold one value in one line');
  return read;
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(`--value-file cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
