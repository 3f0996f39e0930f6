import { durationText, plural } from '../text.ts';
import type { KeptState } from './kept-state.ts';

/** One line on a kept delivery stream: what it holds and fails, and the command that comes next. */
export function keptLine(kept: KeptState, { stage, now }: { readonly stage: string; readonly now: number }) {
  const { streamName, destination, deliveryStream, holds } = kept;
  const flags = `--stage ${stage} --stream ${streamName} --destination ${destination}`;
  const facts = [
    ...(kept.gone ? ['somebody has deleted it'] : [idleText(kept, now)]),
    ...(kept.freshnessSeconds === undefined
      ? []
      : [`oldest event ${durationText(kept.freshnessSeconds * 1_000)}`]),
    ...(kept.failing === undefined
      ? []
      : [`a write to S3 failed ${durationText(now - kept.failing.at)} ago (${kept.failing.code})`]),
    ...(kept.queued > 0 ? [`${plural(kept.queued, 'object')} queued`] : []),
    ...(kept.deadLetters > 0 ? [plural(kept.deadLetters, 'dead letter')] : []),
    ...(kept.givenUp > 0 ? [`${plural(kept.givenUp, 'backup')} given up by Firehose`] : []),
    ...(holds.length === 0 ? [kept.gone ? 'its note is left' : 'empty'] : []),
  ];
  return `${streamName} to ${destination} ${kept.gone ? 'was' : 'is'} kept as ${deliveryStream}: ${facts.join(', ')}; next: npx relay forget ${flags}${holds.length === 0 ? ' --yes' : ''}`;
}

function idleText({ idleSince }: KeptState, now: number): string {
  return idleSince === undefined ? 'nothing put for days' : `idle for ${durationText(now - idleSince)}`;
}
