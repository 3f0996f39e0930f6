import type { Values } from '../arguments/flag.ts';
import { WrongUse } from '../arguments/wrong-use.ts';
import type { Ask } from '../ask.ts';
import { CommandError, type Terminal } from '../command.ts';
import { type Answers, answerFlags, defaults, environments, kinds } from './answers.ts';

type Given = Partial<Values<typeof answerFlags>>;

/**
 * The answers that the flags give, and for the rest those of a person or, with `--yes`, the defaults.
 *
 * @throws {CommandError} naming the flags that are missing where nobody can be asked, and after Ctrl-C
 */
export async function settleAnswers(given: Given, yes: boolean, terminal: Terminal): Promise<Answers> {
  const missing = names.filter((name) => given[name] === undefined);
  if (missing.length === 0) return given as Answers;
  if (yes) return { ...readAll(defaults), ...withoutGaps(given) };
  if (terminal.ask === undefined) {
    const flags = missing.map((name) => `--${name}`).join(', ');
    throw new CommandError(`there is no terminal to ask on: give ${flags}, or --yes for the defaults`);
  }
  return { ...(await askAll(missing, terminal.ask, terminal)), ...withoutGaps(given) } as Answers;
}

type Name = keyof Answers;
const names = Object.keys(answerFlags) as readonly Name[];

/** Five questions at most; the first takes two words. */
const questions: readonly { readonly of: readonly Name[]; readonly text: string }[] = [
  { of: ['stage', 'region'], text: 'Stage and region, two words such as prod eu-west-1' },
  { of: ['types'], text: 'Event types, of cis, admin, risk and verify' },
  { of: ['every'], text: 'How often' },
  { of: ['to'], text: `Where to, of ${kinds.join(', ')}` },
  { of: ['environment'], text: `Mosaic's environment: ${environments.join(', ')} or a base URL` },
];

async function askAll(missing: readonly Name[], ask: Ask, terminal: Terminal): Promise<Partial<Answers>> {
  let answers: Partial<Answers> = {};
  for (const { of, text } of questions) {
    const open = of.filter((name) => missing.includes(name));
    if (open.length === 0) continue;
    const asked = open.length === of.length ? text : titled(open.join(' and '));
    answers = { ...answers, ...(await askUntilRight({ text: asked, of: open }, ask, terminal)) };
  }
  return answers;
}

/** Asks until the answer can be used; the empty one takes the defaults. */
async function askUntilRight(
  { text, of }: (typeof questions)[number],
  ask: Ask,
  terminal: Terminal,
): Promise<Partial<Answers>> {
  const preset = of.map((name) => defaults[name]).join(' ');
  for (;;) {
    const answer = await ask(`${text} [${preset}]: `);
    if (answer === undefined) throw new CommandError('nothing was written');
    try {
      return readAll(wordsOf(answer.trim(), of));
    } catch (error) {
      if (!(error instanceof WrongUse)) throw error;
      terminal.problem(`  ${error.message}`);
    }
  }
}

/** The answer as a text for each name. Two names take two words, or none for the defaults of both. */
function wordsOf(answer: string, of: readonly Name[]): Partial<Record<Name, string>> {
  const words = of.length === 1 || answer === '' ? [answer] : answer.split(/[\s,]+/);
  if (answer !== '' && words.length !== of.length) {
    const missing =
      words.length < of.length ? `${of.slice(words.length).join(' and ')} is missing` : 'that is more';
    throw new WrongUse(`${missing}: give ${of.join(' and ')}, such as ${words[0]} ${defaults.region}`);
  }
  return Object.fromEntries(of.map((name, place) => [name, words[place] || defaults[name]]));
}

function readAll<Some extends Partial<Record<Name, string>>>(texts: Some): Pick<Answers, keyof Some & Name> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, answerFlags[name as Name].form.read(text)]),
  ) as unknown as Pick<Answers, keyof Some & Name>;
}

function withoutGaps(given: Given): Given {
  return Object.fromEntries(
    names.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
  );
}

function titled(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
