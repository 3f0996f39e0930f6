import { type DeployedRelay, type DeployedStream, streamOf } from '../access/deployed-relay.ts';
import { CommandError } from '../command.ts';

/** The streams that a command is to change: one, or with `--all` every one, so that neither happens by omission. */
export function chooseStreams(
  relay: DeployedRelay,
  { stream, all }: { readonly stream?: string; readonly all?: true },
): readonly DeployedStream[] {
  if ((stream === undefined) === (all === undefined)) {
    throw new CommandError('say either --stream ID or --all; --help tells more');
  }
  return stream === undefined ? relay.streams : [streamOf(relay, stream)];
}
