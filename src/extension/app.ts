import type { CacheProviderFactory } from '../engine/connections/cacheProvider';
import type { Connections } from '../engine/connections/connections';
import type { Engine } from '../engine/connections/profile';
import type { SecretResolver } from '../engine/connections/secretResolver';
import type {
  NamespaceStore,
  ProfileStore,
  SavedSearchStore,
  SecretIntents,
  SecretVault,
} from '../engine/connections/stores';
import type { HistoryStore } from '../engine/kernel/history';
import type { Clock, Log, Random } from '../engine/kernel/ports';
import type { Recorder } from '../engine/kernel/recorder';
import type { WriteGate } from '../engine/keys/guard';
import type { SealKey } from '../engine/transfer/dumpSeal';
import type { ValueViews } from '../engine/values/valueViews';
import type { ViewPreferences } from './panels/viewPreferences';
import type { StorageParts } from './storageParts';
import type { StatusBar } from './statusBar';
import type { ConnectionTree } from './trees/connectionTree';
import type { Node } from './trees/nodes';
import type { Places } from './trees/places';
import type { TreeView } from 'vscode';

/** Everything the commands and panels of one window work with. */
export interface App {
  readonly profiles: ProfileStore;
  readonly namespaces: NamespaceStore;
  readonly searches: SavedSearchStore;
  readonly history: HistoryStore;
  readonly vault: SecretVault;
  /** Acts on a connection and its secret that are under way, or were cut off. */
  readonly intents: SecretIntents;
  /** The key that seals serialised values in files of this installation. */
  readonly sealKey: () => Promise<SealKey>;
  /** How long things are kept, what holds them, and the store itself. */
  readonly storage: StorageParts;
  readonly secrets: SecretResolver;
  readonly connections: Connections;
  readonly factories: Readonly<Record<Engine, () => Promise<CacheProviderFactory>>>;
  readonly gate: WriteGate;
  readonly recorder: Recorder;
  readonly places: Places;
  readonly tree: ConnectionTree;
  readonly view: TreeView<Node>;
  readonly status: StatusBar;
  /** Decoders of values. */
  readonly views: ValueViews;
  /** Which view was chosen for which keys. */
  readonly viewPreferences: ViewPreferences;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** False in an untrusted workspace. */
  readonly isTrusted: () => boolean;
}
