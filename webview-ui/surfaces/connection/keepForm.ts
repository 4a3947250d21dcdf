import { effect } from '@preact/signals';
import * as v from 'valibot';
import { connectionDraft } from '../../../src/protocol/connectionEditor';
import { readPageState, writePageState } from '../../app/rpc';
import type { ConnectionModel } from './connectionModel';

/** Keeps what is typed over hiding and a reload of the window; secrets and files are the host's, and not kept. Gives what ends it. */
export function keepForm(model: ConnectionModel): () => void {
  const kept = v.safeParse(connectionDraft, readPageState().draft);
  model.restore(kept.success ? kept.output : undefined);
  return effect(() => {
    const draft = model.draft.value;
    if (draft) writePageState({ draft });
  });
}
