import { parseArgs } from 'node:util';
import { nearest } from '../../infra/config/nearest.ts';
import { type Flag, type Flags, spelled, type Values } from './flag.ts';
import { WrongValue } from './forms.ts';
import { shown, WrongUse } from './wrong-use.ts';

/** The rules of a command line: its flags, and which of them go together. */
export interface Grammar<All extends Flags> {
  readonly flags: All;
  /** Of each group exactly one flag is to be given. */
  readonly either?: readonly (readonly string[])[];
}

/**
 * Reads the flags of a program.
 *
 * @param args without node and script
 * @throws {WrongUse} for the first mistake
 */
export function readArguments<const All extends Flags>(
  args: readonly string[],
  { flags, either = [] }: Grammar<All>,
): Values<All> {
  const given = givenTexts(args, flags);
  for (const [name, flag] of Object.entries<Flag>(flags)) checkCompany(name, flag, { flags, given });
  for (const group of either) checkEither(group, { flags, given });
  return Object.fromEntries(
    Object.entries<Flag>(flags).map(([name, flag]) => [name, readValue(name, flag, given)]),
  ) as Values<All>;
}

/** The first word that is neither a flag nor a flag's value, and what stands around it. */
export function firstWord(
  args: readonly string[],
  flags: Flags,
): { readonly word?: string; readonly rest: readonly string[] } {
  const token = tokensOf(args, flags).find(({ kind }) => kind === 'positional');
  if (token?.kind !== 'positional') return { rest: args };
  return { word: token.value, rest: args.toSpliced(token.index, 1) };
}

function tokensOf(args: readonly string[], flags: Flags) {
  return parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(flags).map(([name, { value }]) => [
        name,
        { type: value === undefined ? ('boolean' as const) : ('string' as const) },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  }).tokens;
}

type Given = ReadonlyMap<string, readonly string[]>;

/** The texts after each flag that is given; a switch has the empty one. */
function givenTexts(args: readonly string[], flags: Flags): Given {
  const given = new Map<string, readonly string[]>();
  for (const token of tokensOf(args, flags)) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') throw strayWord(token.value, flags);
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (flag === undefined) throw unknownFlag(token.rawName, flags);
    const before = given.get(token.name) ?? [];
    if (before.length > 0 && !flag.many) throw new WrongUse(`--${token.name} is given twice`);
    given.set(token.name, [...before, textGiven(token, flag)]);
  }
  return given;
}

function strayWord(word: string, flags: Flags): WrongUse {
  if (Object.values(flags).some(({ unspoken }) => unspoken))
    return new WrongUse('a word of the command line belongs to no flag; quote a value that has spaces');
  const meant = nearest(word, Object.keys(flags));
  return new WrongUse(
    `"${shown(word)}" is not a flag; ${meant === undefined ? '--help lists the flags' : `did you mean --${meant}?`}`,
  );
}

function unknownFlag(rawName: string, flags: Flags): WrongUse {
  const meant = nearest(rawName.replace(/^-+/, ''), Object.keys(flags));
  return new WrongUse(
    `there is no flag ${shown(rawName)}; ${meant === undefined ? '--help lists the flags' : `did you mean --${meant}?`}`,
  );
}

interface OptionToken {
  readonly name: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function textGiven({ name, value, inlineValue }: OptionToken, flag: Flag): string {
  if (flag.value === undefined) {
    if (value !== undefined) throw new WrongUse(`--${name} takes no value`);
    return '';
  }
  // A flag after a flag is a forgotten value, unless "=" joins the two. `-2h` and `-5` are values.
  const forgotten = value === undefined || (!inlineValue && /^--?[A-Za-z]|^--$/.test(value));
  if (forgotten || (value === '' && !flag.form?.empty)) {
    throw new WrongUse(`--${name} needs a value: ${spelled(name, flag)}`);
  }
  return value;
}

interface CommandLine {
  readonly flags: Flags;
  readonly given: Given;
}

function checkCompany(name: string, flag: Flag, { given, flags }: CommandLine): void {
  if (!given.has(name)) {
    if (flag.required) throw new WrongUse(`${spelled(name, flag)} is needed; --help tells more`);
    return;
  }
  const other = flag.not?.find((one) => isGiven(one, given));
  if (other !== undefined) throw new WrongUse(`--${name} and --${other} do not go together`);
  if (flag.with !== undefined && !flag.with.some((one) => isGiven(one, given))) {
    throw new WrongUse(
      `--${name} goes only with ${flag.with.map((one) => asTyped(one, flags)).join(' or ')}`,
    );
  }
}

function isGiven(needed: string, given: Given): boolean {
  const [name = '', value] = needed.split(' ');
  return given.has(name) && (value === undefined || given.get(name)!.includes(value));
}

function asTyped(needed: string, flags: Flags): string {
  const flag = flags[needed];
  return flag === undefined ? `--${needed}` : spelled(needed, flag);
}

function checkEither(group: readonly string[], { flags, given }: CommandLine): void {
  const [one, other] = group.filter((name) => given.has(name));
  if (one === undefined) {
    const names = group.map((name) => asTyped(name, flags));
    throw new WrongUse(`${names.join(' or ')} is needed; --help tells more`);
  }
  if (other !== undefined) throw new WrongUse(`--${one} and --${other} do not go together`);
}

function readValue(name: string, flag: Flag, given: Given): unknown {
  if (flag.value === undefined) return given.has(name);
  const texts = given.get(name) ?? [];
  if (flag.many) return texts.map((text) => readText(name, flag, text));
  return readText(name, flag, texts[0] ?? flag.default);
}

function readText(name: string, flag: Flag, text: string | undefined): unknown {
  if (text === undefined || flag.form === undefined) return text;
  try {
    return flag.form.read(text);
  } catch (error) {
    if (!(error instanceof WrongValue)) throw error;
    const preset = flag.default ? `; without the flag it is ${flag.default}` : '';
    throw new WrongUse(`--${name} ${error.message}${preset}`);
  }
}
