// Writes the pages and the tables that are generated: `npm run docs`.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { destinationChoicesFile } from './destination-choices.ts';

const choices = resolve(import.meta.dirname, '../../cli/init/destination-choices.ts');
await writeFile(choices, destinationChoicesFile());
// The help of a command names the kinds, so it is loaded after them.
const { commandsPage } = await import('./commands-page.ts');
await writeFile(resolve(import.meta.dirname, '../commands.md'), await commandsPage());
const { statusSchemaText } = await import('../../cli/status/status-lines.ts');
await writeFile(resolve(import.meta.dirname, '../status.schema.json'), statusSchemaText());
