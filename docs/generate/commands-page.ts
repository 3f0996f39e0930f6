import { relayFlags } from '../../cli/access/open-relay.ts';
import { flagTable, programSection } from '../../cli/arguments/program-page.ts';
import { loadCommands } from '../../cli/commands.ts';
import { tryProgram } from '../../cli/trial/try-program.ts';
import { benchProgram } from '../../lab/bench/bench-program.ts';
import { releaseProgram } from '../../lab/release/release-program.ts';
import { soakProgram } from '../../lab/soak/soak-program.ts';
import { mosaicProgram } from '../../local/mosaic-program.ts';
import { startProgram } from '../../local/run/flags.ts';

/** `docs/commands.md`, from the tables of the programs. */
export async function commandsPage(): Promise<string> {
  const commands = await loadCommands();
  const sections = commands.map(({ name, summary, table }) =>
    programSection(table, { heading: `${name}: ${summary}`, omitted: relayFlags }),
  );
  const [start, trial, ...ofClone] = [
    startProgram,
    tryProgram,
    mosaicProgram,
    soakProgram,
    benchProgram,
    releaseProgram,
  ].map((program) => programSection(program, { heading: program.name }));
  // The package has none of those between the marks, and leaves them out of its page.
  const others = [
    otherPrograms,
    start,
    trial,
    ['<!-- clone -->', ...ofClone, '<!-- /clone -->'].join('\n\n'),
  ];
  return `${[introduction(), ...sections, ...others].join('\n\n')}\n`;
}

const otherPrograms = `# Other programs

What else there is to run reads its command line in the same way, and refuses the same mistakes in the same words.`;

function introduction(): string {
  return `<!-- Generated from the tables in cli/commands/ by "npm run docs". Edit the tables, and run it again. -->
# Commands

The operator's commands are \`npx relay COMMAND\`. \`npx relay COMMAND --help\` shows this page's text about one command,
and \`npx relay --version\` prints the version.

Commands work on a deployed stage by the ordinary AWS credentials and region (\`AWS_PROFILE\`, \`AWS_REGION\`, an SSO
login) or, with \`--local\`, on the local run that \`npm start -- --serve\` keeps going. Every command that works on a stage
takes:

${flagTable(relayFlags)}

A stream is named by its name in the settings or by Mosaic's id. A time is ISO 8601, in UTC unless it names a zone, or a
time ago: \`-30m\`, \`-2h\`, \`-7d\`. Results are printed on stdout, progress and problems on stderr. A mistake in the
command line, or a failure that the operator can remedy, is one line. No command prints a secret. Colour and
redrawing are for terminals alone.

To try the commands, run \`npm start -- --serve\`. It prints the address of a dashboard whose buttons break a destination
and repair it. In a clone, \`--faults destinations\` breaks each destination in turn for 45 virtual minutes, which take 90
seconds, and lets it work for half an hour. The page accepts clicks from itself alone: requests of other sites are refused.`;
}
