import { governanceEvents, governanceMethods } from '../../../src/protocol/governance';
import { mount } from '../../app/mount';
import { pageWire, Rpc } from '../../app/rpc';
import { GovernanceModel } from './governanceModel';
import { GovernancePanel } from './governancePanel';
import { keepPolicies } from './keepPolicies';

mount((own) => {
  const rpc = new Rpc(governanceMethods, governanceEvents, pageWire);
  const model = new GovernanceModel(rpc);
  own(() => rpc.dispose());
  own(keepPolicies(model.policies));
  rpc.ready(() => void model.load());
  void model.load();
  return <GovernancePanel model={model} />;
});
