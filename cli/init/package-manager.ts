/**
 * A line about the package manager that started this program, where it is not npm; undefined for npm and for a program
 * that was started directly.
 *
 * @param agent the variable `npm_config_user_agent`, such as `pnpm/12.21.0 npm/? node/v24.21.0 linux x64`
 */
export function packageManagerLine(agent: string | undefined): string | undefined {
  const name = nameIn(agent);
  if (name === undefined || name === 'npm') return undefined;
  return lines[name] ?? `${name} was not tried with the relay; npm works`;
}

/** The client that installs and starts the project: the one that started this program, if it works. */
export function clientOf(agent: string | undefined): 'npm' | 'pnpm' {
  return nameIn(agent) === 'pnpm' ? 'pnpm' : 'npm';
}

function nameIn(agent: string | undefined): string | undefined {
  return /^(\w+)\//.exec(agent ?? '')?.[1];
}

const lines: Readonly<Record<string, string>> = {
  pnpm: 'pnpm works; where its install ends with ERR_PNPM_IGNORED_BUILDS, deny the build of classic-level by pnpm approve-builds',
  yarn: 'yarn 1 was seen to fail at packages inside aws-cdk-lib, and newer ones were not tried; npm works',
  bun: 'bun was not tried with the relay, whose programs need Node; npm works',
};
