import assert from 'node:assert/strict';
import { PolicyEdits } from '../../../webview-ui/surfaces/governance/policyEdits';
import { eventually } from '../../helpers/eventually';

const policy = { retentionDays: 30, budgetBytes: 1 << 24, minimumKept: 100, autoPurgeOldest: true };

describe('A policy that could not be saved', () => {
  it('keeps its failure on the page when what was typed is handed to the host after it', async () => {
    const called: string[] = [];
    const call = (method: string): Promise<never> => {
      called.push(method);
      return Promise.reject(new Error('The disk is full'));
    };
    const said: string[] = [];
    const attempt = async (act: () => Promise<void>): Promise<boolean> => {
      said.push('trying');
      await act().catch((thrown: unknown) => said.push(String(thrown)));
      return false;
    };
    const edits = new PolicyEdits({ call }, attempt, () => undefined);
    edits.begin('alerts', policy);
    edits.edit('alerts', { retentionDays: '12' });
    await edits.save('alerts');
    await eventually('what was typed is held', () => called.includes('governance/hold') || undefined);
    assert.deepEqual(said, ['trying', 'Error: The disk is full']);
    assert.equal(edits.open.value.get('alerts')?.form.retentionDays, '12');
    assert.equal(edits.open.value.get('alerts')?.saving, false);
  });
});
