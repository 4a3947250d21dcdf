import type { Migration } from './migration';

/**
 * Leads from an action to its events, the newest first. Actions are few, so an insert finds its place in a few pages.
 * From this version on a snapshot also says inside of which generation it is, which earlier code does not keep true.
 */
export const migration3: Migration = {
  version: 3,
  up: ['CREATE INDEX history_by_action ON history_events (action)'],
};
