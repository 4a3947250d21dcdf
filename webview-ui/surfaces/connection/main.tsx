import { connectionEditorMethods } from '../../../src/protocol/connectionEditor';
import { mount } from '../../app/mount';
import { pageWire, Rpc } from '../../app/rpc';
import { ConnectionModel } from './connectionModel';
import { ConnectionPanel } from './connectionPanel';
import { keepForm } from './keepForm';

mount((own) => {
  const rpc = new Rpc(connectionEditorMethods, {}, pageWire);
  const model = new ConnectionModel(rpc);
  // The form is the person's: it is not read again while they type.
  rpc.ready(() => undefined);
  own(() => rpc.dispose());
  own(keepForm(model));
  void model.load();
  return <ConnectionPanel model={model} />;
});
