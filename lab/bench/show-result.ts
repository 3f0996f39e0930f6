import type { BenchResult, VariantFigure, ViewsFigure } from './result.ts';

/** The result as tables. */
export function showResult(result: BenchResult, out: (line: string) => void): void {
  if (result.comparison !== undefined) {
    out(
      `CPU of the collector's process, median of ${result.comparison.rounds} interleaved rounds, 1.5 KB events:`,
    );
    out(row(['variant', 'CPU s/million', 'least .. most', 'events/s', 'peak MB']));
    for (const [name, figure] of Object.entries(result.comparison.variants))
      out(row([name, ...cells(figure)]));
    out('');
    const { ratios } = result.comparison;
    out(`relay over floor      ${times(ratios.relayToFloor)}   goal 2.1 at most`);
    out(`usual over relay      ${times(ratios.usualToRelay)}   goal 1.9 at least`);
    out(`usual, packed         ${times(ratios.usualPackedToRelay)}`);
    out(`vendor over relay     ${times(ratios.vendorToRelay)}   goal 4.0 at least`);
    out(`gzip over relay       ${times(ratios.gzipToRelay)}`);
    out(`log bytes of a run    ${result.comparison.logBytesPerRun ?? 'not measured'}   goal 2,048 at most`);
  }
  if (result.memory !== undefined) {
    const { peakRssMb, batches, answerMb } = result.memory;
    out(`peak memory           ${peakRssMb} MB with ${batches} answers of ${answerMb} MB   goal 200 at most`);
  }
  for (const [name, share] of Object.entries(result.throughput ?? {})) {
    const told = share === null ? 'not measured' : `${(share * 100).toFixed(1)} %`;
    out(`of ideal at ${name.padEnd(14)} ${told}   goal ${name.endsWith('@512') ? 85 : 92} % at least`);
  }
  out(
    'Firehose-billed bytes over raw, which are the lines as sent (an event and its _relay), before base64:',
  );
  // An object's whole numbers come first, whatever the order in which they were put there.
  const sizes = Object.keys(result.billedToRaw).sort((a, b) => Number(a) - Number(b));
  for (const kilobytes of sizes) {
    const ratio = result.billedToRaw[kilobytes];
    const overEvents = result.billedToReceived[kilobytes];
    out(
      `  at ${kilobytes.padEnd(3)} KB an event ${ratio}   goal 1.03 at most; over the events alone ${overEvents}`,
    );
  }
  const { packed, compressed } = result.dollarsPerMillion;
  out(`$ per million of 1 KB: packed ${packed} (goal 0.040), compressed ${compressed} (goal 0.020)`);
  if (result.splitter === null) {
    out('cutter not measured');
  } else {
    const { mbPerSecond, jsonParseMbPerSecond } = result.splitter;
    out(`cutter ${mbPerSecond} MB/s (goal 250), JSON.parse beside it ${jsonParseMbPerSecond} MB/s`);
  }
  showViews(result.views, out);
}

function showViews(views: ViewsFigure | null, out: (line: string) => void): void {
  if (views === null) {
    out('views not measured');
    return;
  }
  const { rounds, plainMs, viewMs, viewOfNewValuesMs, shapeMs, parseMs } = views;
  const { viewToPlain, viewToParse, shapeToPlain } = views;
  out(`CPU ms of 1,000 events, cut and made into records, median of ${rounds} interleaved rounds:`);
  out(
    `  no view ${plainMs}, ten rules and keyed ids ${viewMs}, of values that are all new ${viewOfNewValuesMs},`,
  );
  out(`  OCSF 1.5 with raw_data ${shapeMs},`);
  out(`  JSON.parse, delete and JSON.stringify alone ${parseMs}`);
  out(`view over no view     ${times(viewToPlain)}   goal 2.0 at most`);
  out(`view over parse       ${times(viewToParse)}   goal 0.5 at most`);
  out(`shape over no shape   ${times(shapeToPlain)}   goal 2.5 at most`);
}

function cells(figure: VariantFigure | null): string[] {
  if (figure === null) return ['not measured'];
  const { cpuSecondsPerMillion, spread, eventsPerSecond, peakRssMb } = figure;
  return [
    cpuSecondsPerMillion.toFixed(1),
    `${spread[0].toFixed(1)} .. ${spread[1].toFixed(1)}`,
    eventsPerSecond.toLocaleString('en-US'),
    String(peakRssMb),
  ];
}

function row(texts: readonly string[]): string {
  return texts.map((text, index) => (index === 0 ? text.padEnd(14) : text.padStart(15))).join('');
}

function times(ratio: number | null): string {
  return ratio === null ? 'not measured' : `${ratio.toFixed(2)}x`;
}
