import type { Migration } from './schema/migration';
import { migration1 } from './schema/migration1';
import { migration2 } from './schema/migration2';

/** Every step of the schema, ascending. */
export const migrations: readonly Migration[] = [migration1, migration2];
