import { governanceEvents, governanceMethods } from '../../../src/protocol/governance';
import { mount } from '../../app/mount';
import { pageWire, Rpc } from '../../app/rpc';
import { GovernanceModel } from './governanceModel';
import { GovernancePanel } from './governancePanel';

mount(() => {
  const rpc = new Rpc(governanceMethods, governanceEvents, pageWire);
  const model = new GovernanceModel(rpc);
  rpc.ready(() => void model.load());
  void model.load();
  return <GovernancePanel model={model} />;
});
