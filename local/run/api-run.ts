import type { ApiCommand } from './options.ts';
import type { RunContext } from './run-context.ts';
export async function runApi(_command: ApiCommand, _context: RunContext): Promise<number> {
  return 1;
}
