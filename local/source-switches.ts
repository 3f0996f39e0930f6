import { describeSwitches, type Switch, switches } from '@mosaic-relay/mosaic-simulator';
import { type Form, listOf, WrongValue, wholeNumber } from '../cli/arguments/forms.ts';

/** Awkward behaviours of the simulator as `--source` names them, or `help`, which asks for the list of them. */
export type SourceSwitches = readonly string[] | 'help';

/** `short,slow-by-size=50`: switches, each with its number where it takes one; the empty text is none. */
export const sourceSwitches: Form<SourceSwitches> = {
  choices: ['help', ...switches.map(({ name }) => name)],
  several: true,
  empty: true,
  read(text) {
    if (text === '') return [];
    if (text === 'help') return 'help';
    const given = text.split(',').map((one) => one.trim());
    const names = switchNames.read(given.map((one) => one.split('=')[0]!).join(','));
    return names.map((name) => withNumber(name, given.findLast((one) => one.split('=')[0] === name)!));
  },
};

/** The text that `--source help` prints. */
export const sourceHelp = describeSwitches;

const known: readonly Switch[] = switches;
const switchNames = listOf(known.map(({ name }) => name));

/** @param spelled `short`, or `slow-by-size=50` */
function withNumber(name: string, spelled: string): string {
  if (spelled === name) return name;
  const range = known.find((one) => one.name === name)!.number;
  if (range === undefined) throw new WrongValue(`${name} takes no number`);
  try {
    return `${name}=${wholeNumber(range).read(spelled.slice(name.length + 1))}`;
  } catch (error) {
    throw error instanceof WrongValue ? new WrongValue(`${name}= ${error.message}`) : error;
  }
}
