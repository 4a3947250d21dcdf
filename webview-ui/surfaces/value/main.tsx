import { effect } from '@preact/signals';
import { valueEvents, valueMethods } from '../../../src/protocol/value';
import { mount } from '../../app/mount';
import { pageWire, readPageState, Rpc, writePageState } from '../../app/rpc';
import { appendPage } from './types/registry';
import { ValueModel, type View } from './valueModel';
import { ValuePanel } from './valuePanel';

mount(() => {
  const rpc = new Rpc(valueMethods, valueEvents, pageWire);
  const model = new ValueModel({ rpc, append: appendPage, view: viewOf(readPageState().layout?.['view']) });
  effect(() => writePageState({ layout: { view: model.view.value } }));
  rpc.ready(() => void model.loading.load());
  void model.start();
  return <ValuePanel model={model} />;
});

function viewOf(kept: unknown): View {
  return kept === 'escaped' || kept === 'json' ? kept : 'text';
}
