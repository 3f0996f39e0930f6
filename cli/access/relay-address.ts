import type { Values } from '../arguments/flag.ts';
import type { relayFlags } from './open-relay.ts';

/** The flags with which another command works on the same relay: `--stage prod --region eu-west-1`, `--local`. */
export function addressOf(
  stage: string,
  { region, settings, local, out }: Omit<Values<typeof relayFlags>, 'stage'>,
): string {
  if (local) return [`--stage ${stage} --local`, ...(out === 'out' ? [] : [`--out ${out}`])].join(' ');
  return [
    `--stage ${stage}`,
    ...(region === undefined ? [] : [`--region ${region}`]),
    ...(settings === undefined ? [] : [`--settings ${settings}`]),
  ].join(' ');
}
