import type { Migration } from './schema/migration';
import { migration1 } from './schema/migration1';
import { migration2 } from './schema/migration2';
import { migration3 } from './schema/migration3';
import { migration4 } from './schema/migration4';
import { migration5 } from './schema/migration5';

/** Every step of the schema, ascending. */
export const migrations: readonly Migration[] = [migration1, migration2, migration3, migration4, migration5];
