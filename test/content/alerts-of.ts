import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Counts the alerts that a detection's committed SQL gives over events, each with its `type` beside its members. */
export function alertsOf(name: string, events: Iterable<ReadEvent>): number {
  const query = readFileSync(join(import.meta.dirname, `../../content/detections/sql/${name}.sql`), 'utf8');
  const database = new DatabaseSync(':memory:');
  try {
    database.exec(`CREATE TABLE mosaic_events (${columns.map((column) => `"${column}"`).join(', ')})`);
    database.exec('BEGIN');
    const insert = database.prepare(
      `INSERT INTO mosaic_events VALUES (${columns.map(() => '?').join(', ')})`,
    );
    for (const event of events) {
      const values = { ...(event.additionalParams as object), ...event } as Record<
        string,
        string | undefined
      >;
      insert.run(...columns.map((column) => values[column] ?? null));
    }
    database.exec('COMMIT');
    return database.prepare(query).all().length;
  } finally {
    database.close();
  }
}

export type ReadEvent = Readonly<Record<string, unknown>>;

const columns = [
  'type',
  'timestamp',
  'activity',
  'user_id',
  'ip',
  'app_id',
  'device_id',
  'actor_id',
  'actor_type',
  'target_resource_id',
  'recommendation',
  'result',
];
