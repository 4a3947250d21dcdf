import type {
  CacheProvider,
  CacheProviderFactory,
  LinkState,
  OpenRequest,
} from '../../../src/engine/connections/cacheProvider';
import { capabilityNames, type Capabilities } from '../../../src/engine/connections/capabilities';
import { Emitter } from '../../../src/engine/kernel/events';

/** A provider that answers at once; a test replaces the methods it is about. */
export interface FakeProvider extends CacheProvider {
  closed: number;
  link(state: LinkState): void;
}

const refused = (what: string) => (): never => {
  throw new Error(`The test did not expect ${what}`);
};

/** A session that can do everything and holds nothing. */
export function fakeProvider(changes: Partial<CacheProvider> = {}): FakeProvider {
  const links = new Emitter<LinkState>();
  const available = Object.fromEntries(capabilityNames.map((name) => [name, { available: true }]));
  const provider: FakeProvider = {
    capabilities: available as Capabilities,
    identity: { product: 'redis', version: '7.0.0', tls: false },
    ping: () => Promise.resolve(1),
    countKeys: () => Promise.resolve(0),
    databases: () => Promise.resolve([]),
    serverReports: ['INFO'],
    serverReport: refused('serverReport'),
    scan: refused('scan'),
    largestValue: () => Promise.resolve(Number.MAX_SAFE_INTEGER),
    glance: () => Promise.resolve(undefined),
    describe: () => Promise.resolve(undefined),
    read: refused('read'),
    readElement: refused('readElement'),
    readGroup: refused('readGroup'),
    readStreamState: refused('readStreamState'),
    dump: refused('dump'),
    load: refused('load'),
    apply: () => Promise.resolve({ status: 'applied' }),
    wasApplied: refused('wasApplied'),
    remove: refused('remove'),
    setTtl: refused('setTtl'),
    onLink: links.event,
    close: () => {
      provider.closed++;
      return Promise.resolve();
    },
    closed: 0,
    link: (state) => {
      links.fire(state);
    },
    ...changes,
  };
  return provider;
}

/** A factory that opens what `open` gives and remembers what was asked for and what was opened. */
export function fakeFactory(open: (request: OpenRequest) => Promise<FakeProvider> | FakeProvider) {
  const requests: OpenRequest[] = [];
  const opened: FakeProvider[] = [];
  const factory: CacheProviderFactory = {
    async open(request) {
      requests.push(request);
      const provider = await open(request);
      opened.push(provider);
      return provider;
    },
  };
  const live = (): number => opened.filter(({ closed }) => closed === 0).length;
  return { factory, requests, opened, live };
}
