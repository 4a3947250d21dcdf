import * as v from 'valibot';

const pageState = v.object({
  restore: v.optional(v.unknown()),
  layout: v.optional(v.record(v.string(), v.unknown())),
  draft: v.optional(v.unknown()),
});

/**
 * What a page keeps between loads, and the editor hands back when it restores the panel: the host's note of what it
 * shows, layout, and what was typed into a form. Never a value of a server, never a secret.
 */
export type PageState = v.InferOutput<typeof pageState>;

/** The state of a page; empty when it is none of ours. */
export function parsePageState(state: unknown): PageState {
  const parsed = v.safeParse(pageState, state);
  return parsed.success ? parsed.output : {};
}

/** The note by which the host knows what a restored panel showed; undefined when the page never got to keep one. */
export function restoreNote(state: unknown): unknown {
  return parsePageState(state).restore;
}
