import { effect } from '@preact/signals';
import * as v from 'valibot';
import { policyDrafts } from '../../../src/protocol/governance';
import { readPageState, writePageState } from '../../app/rpc';
import type { PolicyEdits } from './policyEdits';

/** Keeps policies that are being edited over a reload of the window. Gives what ends it. */
export function keepPolicies(policies: PolicyEdits): () => void {
  const kept = v.safeParse(policyDrafts, readPageState().draft);
  policies.restore(kept.success ? kept.output : []);
  let isFirst = true;
  return effect(() => {
    const draft = [...policies.open.value].map(([dataset, { form }]) => ({ dataset, form }));
    // what is kept is there until the first state has taken it up
    if (!isFirst) writePageState({ draft });
    isFirst = false;
  });
}
