import { CommandError, type Terminal } from './command.ts';

/** The flag by which a dangerous command asks nobody. */
export const yesFlag = { text: 'do not ask before it is done' } as const;

/** Where a dangerous command asks: a person at the terminal, or `--yes`. */
export interface Asked {
  readonly yes: boolean;
  readonly terminal: Pick<Terminal, 'ask' | 'problem'>;
}

/**
 * Returns once somebody agreed, by `--yes` or by an answer on the terminal.
 *
 * @param does what will be done, as a sentence without its end: `This pauses collecting of 4 streams`
 * @param otherwise what did not happen after a no: `nothing was paused`
 * @throws {CommandError} with exit code 1 after a no, and with exit code 2 where nobody can be asked
 */
export async function consent(does: string, otherwise: string, { yes, terminal }: Asked): Promise<void> {
  if (yes) return;
  refuseUnasked(does, { yes, terminal });
  if (!(await agrees(`${does}.`, terminal))) throw new CommandError(otherwise, 1);
}

/**
 * Refuses to begin where nobody can be asked.
 *
 * @throws {CommandError} with exit code 2
 */
export function refuseUnasked(does: string, { yes, terminal }: Asked): void {
  if (!yes && terminal.ask === undefined)
    throw new CommandError(`${does}. Nobody can be asked without a terminal: say --yes to go on`);
}

/** Says what will be done, and asks. Anything but a yes is a no. */
export async function agrees(does: string, terminal: Asked['terminal']): Promise<boolean> {
  terminal.problem(does);
  const answer = await terminal.ask?.('Go on? [y/N] ');
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}
