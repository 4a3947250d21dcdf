import * as vscode from 'vscode';
import type { Retention } from '../../engine/retention/retention';
import type { Storage } from '../../engine/retention/storage';
import type { Clock } from '../../engine/kernel/ports';
import type { Wording } from '../wording';
import { ReadOnlyDocuments } from './readOnlyDocuments';
import { storageReport } from './storageReport';
import { verifyText } from './verifyText';

/** Scheme of the read-only documents about the store. */
export const storageScheme = 'cachify-storage';

const report = vscode.Uri.from({ scheme: storageScheme, path: '/Storage.txt' });
const check = vscode.Uri.from({ scheme: storageScheme, path: '/Verify store.txt' });

/** What the documents about the store are read from. */
export interface StorageDocumentPorts {
  readonly storage: Storage;
  readonly retention: Pick<Retention, 'usage' | 'stopped'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly wording: Wording;
}

/** The report on the store, read at each opening, and the last check of it, which is made only when asked for. */
export class StorageDocuments {
  private readonly documents: ReadOnlyDocuments;
  private lastCheck: string | undefined;

  constructor(private readonly ports: StorageDocumentPorts) {
    this.documents = new ReadOnlyDocuments(storageScheme, ({ path }) =>
      path === check.path ? this.checkText() : this.reportText(),
    );
  }

  /** Opens the report on the store as it stands. */
  async showReport(): Promise<void> {
    await this.documents.show(report);
  }

  /** Checks the store and opens what was found; tells whether it is sound. */
  async verify(): Promise<boolean> {
    const { storage, clock, wording } = this.ports;
    const found = await storage.verify();
    this.lastCheck = verifyText(found, clock.now(), wording);
    await this.documents.show(check);
    return found.isSound;
  }

  dispose(): void {
    this.documents.dispose();
  }

  /** A document that the editor brings back after a restart has no check to show. */
  private async checkText(): Promise<string> {
    return this.lastCheck ?? this.ports.wording.t('Run “Verify store” to check the store.');
  }

  private async reportText(): Promise<string> {
    const { storage, retention, clock, wording } = this.ports;
    const [status, usage] = await Promise.all([storage.status(), retention.usage()]);
    return storageReport({ status, usage, stopped: retention.stopped(), at: clock.now() }, wording);
  }
}
