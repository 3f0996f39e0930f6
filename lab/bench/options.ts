import { parseArgs } from 'node:util';

const usage = `Usage: npm run bench -- [--quick] [--json] [--rounds N]

  --quick     3 rounds and shorter measurements: under a minute
  --rounds N  rounds of the comparison, 3 to 50 (7); not with --quick
  --json      ends with the figures as one line of JSON

Example: npm run bench -- --rounds 11`;

export type BenchOptions =
  | { readonly quick: boolean; readonly json: boolean; readonly rounds: number }
  | { readonly usage: string; readonly exitCode: number };

export function parseBenchOptions(args: readonly string[]): BenchOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { usage, exitCode: 0 };
    if (values.quick && values.rounds !== undefined) {
      return {
        usage: `--quick always takes 3 rounds, so leave out --rounds or --quick\n\n${usage}`,
        exitCode: 2,
      };
    }
    const rounds = values.quick ? 3 : Number(values.rounds ?? 7);
    if (!Number.isInteger(rounds) || rounds < 3 || rounds > 50) {
      return {
        usage: `--rounds takes a whole number from 3 to 50, not ${values.rounds}\n\n${usage}`,
        exitCode: 2,
      };
    }
    return { quick: values.quick, json: values.json, rounds };
  } catch (error) {
    return { usage: `${(error as Error).message}\n\n${usage}`, exitCode: 2 };
  }
}
