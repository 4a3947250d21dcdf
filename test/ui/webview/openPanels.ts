import type { Browser } from 'playwright-core';
import { connectionEditorMethods } from '../../../src/protocol/connectionEditor';
import { governanceEvents, governanceMethods } from '../../../src/protocol/governance';
import { valueEvents, valueMethods, type ValueSnapshot } from '../../../src/protocol/value';
import type { EventMap, MethodMap } from '../../../src/protocol/rpc';
import { ConnectionHost } from './connectionHost';
import type { GovernanceHost } from './governanceHost';
import { openSurface, type SurfaceOptions, type SurfacePage } from './surfacePage';
import { ValueHost } from './valueHost';

type Look = Pick<SurfaceOptions<MethodMap, EventMap>, 'theme' | 'width' | 'height' | 'translations'>;

type Opened<Host, E extends EventMap> = Omit<SurfacePage<E>, 'host'> & {
  /** What answers; the test changes it. */
  readonly host: Host;
  readonly rpc: SurfacePage<E>['host'];
};

/** An open value panel. */
export type OpenValue = Opened<ValueHost, typeof valueEvents>;
/** An open connection editor. */
export type OpenConnection = Opened<ConnectionHost, EventMap>;
/** An open governance panel. */
export type OpenGovernance = Opened<GovernanceHost, typeof governanceEvents>;

/** The value panel over a host that begins with this snapshot, drawn. */
export async function openValue(
  browser: Browser,
  from: ValueSnapshot | ValueHost,
  look: Look = {},
): Promise<OpenValue> {
  const host = from instanceof ValueHost ? from : new ValueHost(from);
  const options = {
    ...look,
    bundle: 'value',
    methods: valueMethods,
    events: valueEvents,
    handlers: host.handlers,
  };
  const surface = await openSurface(browser, options);
  await surface.page.getByRole('heading', { level: 1, name: host.snapshot.header.keyLabel }).waitFor();
  return { ...surface, rpc: surface.host, host };
}

/** The connection editor over a host, drawn. */
export async function openConnection(
  browser: Browser,
  host = new ConnectionHost(),
  look: Look = {},
): Promise<OpenConnection> {
  const options = {
    ...look,
    bundle: 'connection',
    methods: connectionEditorMethods,
    events: {},
    handlers: host.handlers,
  };
  const surface = await openSurface(browser, options);
  await surface.page.getByRole('heading', { level: 1 }).waitFor();
  await surface.page.getByRole('button', { name: 'Save and connect' }).waitFor();
  return { ...surface, rpc: surface.host, host };
}

/** The governance panel over a host, with its first state, or why there is none. */
export async function openGovernance(
  browser: Browser,
  host: GovernanceHost,
  look: Look = {},
): Promise<OpenGovernance> {
  const options = {
    ...look,
    bundle: 'governance',
    methods: governanceMethods,
    events: governanceEvents,
    handlers: host.handlers,
  };
  const surface = await openSurface(browser, options);
  host.emitPurge = (purge) => surface.host.emit('governance/purge', purge ? { purge } : {});
  await surface.page.getByRole('button', { name: /^(Show storage|Retry)$/ }).waitFor();
  return { ...surface, rpc: surface.host, host };
}

/** The bytes a person sees as base64 in a message. */
export function bytesOf(base64: unknown): Buffer {
  return Buffer.from(String(base64), 'base64');
}
