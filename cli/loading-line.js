// Says at once that the program is on its way, because loading what it is made of takes seconds. Plain JavaScript, because it runs before
// everything else is loaded.
import { Worker } from 'node:worker_threads';

/**
 * Shows a line that counts the seconds on the terminal of stderr, until the program itself writes something. A thread of its own draws it:
 * loading keeps this one busy.
 */
export function sayLoading() {
  const { stderr, stdout } = process;
  if (!stderr.isTTY || process.env.TERM === 'dumb') return;
  stderr.write('Loading …');
  const state = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(drawing, { eval: true, workerData: state });
  worker.unref();
  const end = () => {
    for (const output of [stderr, stdout]) Reflect.deleteProperty(output, 'write');
    // The thread may be drawing at this moment.
    while (Atomics.compareExchange(state, 0, idle, over) === drawn);
    worker.terminate();
    stderr.write('\r\u001b[2K');
  };
  for (const output of [stderr, stdout]) {
    const write = output.write;
    output.write = (/** @type {any[]} */ ...args) => {
      end();
      return Reflect.apply(write, output, args);
    };
  }
}

const [idle, drawn, over] = [0, 1, 2];

const drawing = `
  const { workerData: state } = require('node:worker_threads');
  const beganAt = Date.now();
  setInterval(() => {
    if (Atomics.compareExchange(state, 0, ${idle}, ${drawn}) !== ${idle}) return;
    require('node:fs').writeSync(2, '\\r\\u001b[2KLoading, ' + Math.round((Date.now() - beganAt) / 1000) + ' s …');
    Atomics.store(state, 0, ${idle});
  }, 1000);
`;
