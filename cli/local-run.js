// Where the operator's program becomes the local run. Plain JavaScript that imports nothing before it is called, as `bin.js` must be; nothing
// else in this folder knows local/.

/**
 * Performs what follows the first word of the command line in the local run.
 *
 * @param {'npm start' | 'relay start' | 'relay try'} called as its user typed it
 * @returns {Promise<void>}
 */
export function localRun(called) {
  process.argv.splice(2, 1);
  return import('./loading-line.js')
    .then(({ sayLoading }) => sayLoading())
    .then(() => import('../local/start.ts'))
    .then(({ start }) => start({ called }));
}
