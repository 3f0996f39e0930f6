/**
 * Words of the template as they hold for a run on this machine: commands work on the run, and links that lead into the
 * console of AWS lead to the same thing in the page.
 */

/** @param out the run's folder of delivered objects, where it is not the usual one */
export function localCommands(text: string, out?: string): string {
  const flags = out === undefined ? '--local' : `--local --out ${out}`;
  return text.replaceAll(
    /npx relay [a-z-]+(?: --(?:stage|stream|destination) [^\s`]+)+/g,
    (command) => `${command} ${flags}`,
  );
}

/** @returns the address as it is where it leads anywhere else */
export function localLink(address: string): string {
  const [, group] = address.match(/#logsV2:log-groups\/log-group\/(.+)$/) ?? [];
  if (group !== undefined) return `#logs/${group.replaceAll('$252F', '/').split('/').at(-1)}`;
  const [, search] = address.match(/#alarmsV2:\?search=(.+)$/) ?? [];
  return search === undefined ? address : `#alarms/${search}`;
}
