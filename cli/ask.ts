import { createInterface, type Interface } from 'node:readline';

/** Asks one question, and gives the line that was typed; undefined after Ctrl-C or Ctrl-D, and from there on. */
export type Ask = (question: string) => Promise<string | undefined>;

/**
 * Asks on a terminal. Lines that were typed or pasted ahead answer the questions that come next. Between two questions the
 * terminal is left alone, so that Ctrl-C ends the program there.
 */
export function createAsk(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Ask {
  const typedAhead: string[] = [];
  let ended = false;
  return async (question) => {
    if (ended) return undefined;
    const ahead = typedAhead.shift();
    if (ahead !== undefined) {
      output.write(`${question}${ahead}\n`);
      return ahead;
    }
    const lines = createInterface({ input, output });
    try {
      const [answer, ...more] = await nextLines(lines, question);
      typedAhead.push(...more);
      ended = answer === undefined;
      if (ended) output.write('\n');
      return answer;
    } finally {
      lines.close();
    }
  };
}

/** The line that answers, and those that came with it in one piece. None after Ctrl-C or Ctrl-D. */
function nextLines(lines: Interface, question: string): Promise<readonly string[]> {
  const heard: string[] = [];
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      heard.push(line);
      // Pasted text comes as several lines in one turn of the event loop.
      setImmediate(() => resolve(heard));
    });
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => resolve(heard));
    lines.setPrompt(question);
    lines.prompt();
  });
}
