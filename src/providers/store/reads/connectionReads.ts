import { readsOf } from './read';

/** Questions about connections and what is kept for them. */
export const connectionReads = readsOf('connections', {
  profiles: 'SELECT id, json, position FROM profiles ORDER BY position, id',
  profile: 'SELECT 1 FROM profiles WHERE id = ?',
  namespaces: 'SELECT id, json FROM namespaces WHERE connection_id = ? ORDER BY id',
  searches: 'SELECT id, json FROM saved_searches WHERE connection_id = ? ORDER BY id',
  intent: 'SELECT 1 FROM secret_intents WHERE id = ?',
  intentsBefore: 'SELECT id, profile_id FROM secret_intents WHERE at < ? ORDER BY at, id',
});
