import { valueEvents, valueMethods } from '../../../src/protocol/value';
import { mount } from '../../app/mount';
import { pageWire, Rpc } from '../../app/rpc';
import { beforeLeaving } from './holdDrafts';
import { keepLayout } from './layout';
import { appendPage } from './types/registry';
import { ValueModel } from './valueModel';
import { ValuePanel } from './valuePanel';

mount((own) => {
  const rpc = new Rpc(valueMethods, valueEvents, pageWire);
  const model = new ValueModel({ rpc, append: appendPage });
  own(() => rpc.dispose());
  own(() => model.live.stop());
  own(keepLayout(model));
  rpc.ready(() => void model.catchUp());
  own(beforeLeaving(() => model.tellHost?.()));
  void model.begin();
  return <ValuePanel model={model} />;
});
