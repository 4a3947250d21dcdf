import type { governanceMethods, PurgeDto } from '../../protocol/governance';
import type { GovernanceSession } from './governanceSession';
import type { Handlers } from './rpcHost';

/** What the page asks for that is a command too. */
export interface GovernanceActs {
  readonly backUp: () => Promise<void>;
  readonly showStorage: () => Promise<void>;
}

/** What answers the requests of the page. */
export function governanceHandlers(
  session: GovernanceSession,
  acts: GovernanceActs,
  refresh: () => void,
): Handlers<typeof governanceMethods> {
  const shown = async (work: Promise<void>): Promise<ReturnType<typeof purgeState>> => {
    await work;
    return purgeState(session.purge.state);
  };
  const purging = async (work: Promise<void>): Promise<ReturnType<typeof purgeState>> => {
    try {
      return await shown(work);
    } finally {
      refresh();
    }
  };
  return {
    'governance/load': () => session.load(),
    'governance/hold': ({ dataset, draft }) => {
      session.hold(dataset, draft);
      return {};
    },
    'governance/policyImpact': ({ dataset, policy }) => session.policyImpact(dataset, policy),
    'governance/setPolicy': ({ dataset, policy }) => session.setPolicy(dataset, policy),
    'governance/preview': (request) => shown(session.preview(request)),
    'governance/purge': ({ token, typed }) => purging(session.confirmPurge(token, typed)),
    'governance/retryPurge': ({ token }) => purging(session.retryPurge(token)),
    'governance/cancelPurge': () => {
      session.purge.cancel();
      return {};
    },
    'governance/closePurge': () => {
      session.purge.close();
      return {};
    },
    'governance/unpin': ({ id }) => session.unpin(id),
    'governance/backUp': () => acts.backUp().then(() => ({})),
    'governance/showStorage': () => acts.showStorage().then(() => ({})),
  };
}

/** A purge as a message; without one there is none. */
export function purgeState(purge: PurgeDto | undefined): { readonly purge?: PurgeDto } {
  return purge ? { purge } : {};
}
