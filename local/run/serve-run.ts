import type { ServeCommand } from './options.ts';
import type { RunContext } from './run-context.ts';
export async function runServe(_command: ServeCommand, _context: RunContext): Promise<number> {
  return 1;
}
