// Writes the pages that are generated: `npm run docs`.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { commandsPage } from './commands-page.ts';

await writeFile(resolve(import.meta.dirname, '../commands.md'), await commandsPage());
