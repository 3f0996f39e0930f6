/**
 * The name that somebody most likely meant, in capitals or not.
 *
 * @returns undefined where no name is near
 */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  const word = typed.toLowerCase();
  if (word.length < 2 || word.length > longestWord) return undefined;
  const beginning = names.filter((name) => name.toLowerCase().startsWith(word));
  if (beginning.length === 1) return beginning[0];
  const [best] = names
    .map((name) => ({ name, edits: editsBetween(word, name.toLowerCase()) }))
    .filter(({ name, edits }) => edits <= Math.ceil(Math.min(word.length, name.length) / 3))
    .sort((one, other) => one.edits - other.edits);
  return best?.name;
}

/** Nothing longer is a misspelt name; the bound keeps the comparison short. */
const longestWord = 40;

/** Letters that are missing, too many, other ones, or swapped with their neighbour. */
function editsBetween(one: string, other: string): number {
  let older: number[] = [];
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      line[column] = Math.min(
        above[column]! + 1,
        line[column - 1]! + 1,
        above[column - 1]! + (same ? 0 : 1),
        swapped ? older[column - 2]! + 1 : Number.POSITIVE_INFINITY,
      );
    }
    older = above;
    above = line;
  }
  return above[other.length]!;
}
