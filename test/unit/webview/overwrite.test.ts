import assert from 'node:assert/strict';
import type { OutcomeDto } from '../../../src/protocol/value';
import type { ChangeDto, DraftDto } from '../../../src/protocol/valueChange';
import { ValueModel } from '../../../webview-ui/surfaces/value/valueModel';
import type { ValueRpc } from '../../../webview-ui/surfaces/value/valueRpc';
import { eventually } from '../../helpers/eventually';

const b64 = (text: string): string => Buffer.from(text).toString('base64');

/** A host that answers the saves of a page, and nothing else. */
function modelWith(answer: (change: ChangeDto) => OutcomeDto): ValueModel {
  const call = (method: string, params: { readonly change: ChangeDto }): Promise<unknown> =>
    method === 'value/save' ? Promise.resolve(answer(params.change)) : Promise.reject(new Error('No host'));
  const rpc: Pick<ValueRpc, 'on'> = { on: () => undefined };
  return new ValueModel({ rpc: Object.assign(rpc, { call }) as ValueRpc, append: (loaded) => loaded });
}

describe('Overwriting what is in conflict', () => {
  it('saves what was shown, and keeps what was typed while the first save was under way', async () => {
    const saved: ChangeDto[] = [];
    const sent: DraftDto = {
      target: { kind: 'string' }, before: b64('old'), form: 'text', text: 'mine', shown: 'old',
    }; // prettier-ignore
    const model: ValueModel = modelWith((change) => {
      saved.push(change);
      if (saved.length > 1) return { status: 'applied' };
      model.drafts.put({ ...sent, text: 'mine and more' });
      return { status: 'conflict', reason: 'changed', current: b64('theirs') };
    });
    model.drafts.put(sent);
    model.save('value');
    await eventually('the conflict is told', async () => model.saver.trouble.value);
    model.overwrite();
    await eventually('it is saved', async () => (saved.length === 2 && !model.saver.busy.value) || undefined);
    assert.deepEqual(saved[1], { kind: 'string', before: b64('theirs'), after: b64('mine') });
    const [left] = model.drafts.dirty.value;
    assert.deepEqual([left?.text, left?.before], ['mine and more', b64('mine')]);
  });
});
