import type { Connection } from '../connections/connection';
import type { KeyName } from '../kernel/keyName';
import type { Clock } from '../kernel/ports';
import type { WriteGate, WriteRequest } from '../keys/guard';
import type { SealKey } from './dumpSeal';
import type { ImportReport, KeyFate } from './importReport';
import type { OpenFile } from './openFile';

/** What is done with a key that exists. */
export type ConflictPolicy = 'skip' | 'replace' | 'stop' | 'ask';

/** What a person decides for one key, or for all that follow. */
export type ConflictAnswer = 'skip' | 'replace' | 'skip-all' | 'replace-all' | 'stop';

/** One line of the list of results. */
export interface KeyResult {
  readonly line: number;
  /** Undefined for a line that names none. */
  readonly key?: KeyName;
  readonly fate: KeyFate;
  readonly reason?: string;
}

export interface ImportJob {
  readonly gate: WriteGate;
  readonly connection: Connection;
  /** Of the whole run; each batch goes through the gate under an id of its own. */
  readonly request: WriteRequest;
  readonly open: OpenFile;
  /** Names that are imported begin with this. */
  readonly prefix: KeyName;
  readonly policy: ConflictPolicy;
  /** Asked with the policy `ask`. */
  readonly ask?: (key: KeyName) => Promise<ConflictAnswer>;
  /** What is done at a line that cannot be read. */
  readonly onBadLine: 'skip' | 'stop';
  /** Keys a second at most. */
  readonly keysPerSecond?: number;
  readonly sealKey: SealKey;
  /** Takes serialised values that bear no seal of ours: the person said so for this file. */
  readonly takesUnsigned?: boolean;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly onResult?: (result: KeyResult) => void;
  readonly onProgress?: (report: ImportReport) => void;
}
