import type { RetentionEvent } from '../engine/retention/retention';
import type { StorageDamage } from '../engine/retention/storage';
import { datasetName } from './datasetName';
import { damageText } from './documents/damageText';
import type { Wording } from './wording';

/** Something about the store that the person should hear of. */
export type StorageNotice =
  | RetentionEvent
  /** The disk is full: writes are refused until there is room. */
  | { readonly kind: 'storeFull' }
  /** What could not be read when the store was opened. */
  | { readonly kind: 'damaged'; readonly damage: readonly StorageDamage[] }
  /** A newer version of the product has written the store. */
  | { readonly kind: 'newer' }
  /** A window with a later build of the product keeps the store. */
  | { readonly kind: 'otherBuild' }
  /** Another program answers in place of the window that keeps the store. */
  | { readonly kind: 'impostor' }
  /** Content was stored under a key that this machine does not hold. */
  | { readonly kind: 'payloadKeyMissing' };

/** What a message offers to do. */
export type StorageAct = 'showStorage' | 'openGovernance' | 'reloadWindow';

/** How notices are said; never in a modal. */
export interface StorageNoticePorts {
  readonly wording: Wording;
  /** A message that waits for the person, with one act. */
  readonly say: (kind: 'info' | 'warning' | 'error', text: string, act: StorageAct) => void;
  /** A quiet word in the status bar. */
  readonly tell: (text: string) => void;
}

/** Says each cause once a window: of a dataset, once for that dataset. */
export class StorageNotices {
  private readonly said = new Set<string>();

  constructor(private readonly ports: StorageNoticePorts) {}

  /** Says it, unless this window has said it before. */
  notify(notice: StorageNotice): void {
    const cause = 'dataset' in notice ? `${notice.kind} ${notice.dataset}` : notice.kind;
    if (this.said.has(cause)) return;
    this.said.add(cause);
    if ('dataset' in notice) this.ofDataset(notice);
    else this.ofStore(notice);
  }

  private ofStore(notice: Exclude<StorageNotice, RetentionEvent>): void {
    const { say, wording } = this.ports;
    const { t } = wording;
    switch (notice.kind) {
      case 'storeFull':
        return say('error', fullText(wording), 'showStorage');
      case 'damaged':
        return say('warning', damagedText(wording, notice.damage), 'showStorage');
      case 'newer':
        return say(
          'warning',
          t(
            'A newer version has written the store. It can be read here, but not changed: update Cachify Studio, then reload the window.',
          ),
          'reloadWindow',
        );
      case 'otherBuild':
        return say(
          'warning',
          t(
            'Another window runs a later version of Cachify Studio and keeps the store. It can be read here, but not changed: reload this window.',
          ),
          'reloadWindow',
        );
      case 'impostor':
        return say(
          'error',
          t(
            'Another program on this machine answers in place of the store and cannot prove to be it. It was told nothing, and nothing it says is used. Find out which program it is; reloading the window tries again.',
          ),
          'reloadWindow',
        );
      case 'payloadKeyMissing':
        return say(
          'warning',
          t(
            'Some stored content cannot be read, as its key is not in the secret storage of this machine. Nothing was deleted: unlock the keyring it was stored with.',
          ),
          'showStorage',
        );
    }
  }

  private ofDataset(event: RetentionEvent): void {
    const { say, tell, wording } = this.ports;
    const name = datasetName(wording, event.dataset);
    const text = datasetText(event, name, wording);
    if (event.kind === 'warned' || event.kind === 'stopped') say('warning', text, 'openGovernance');
    else tell(text);
  }
}

function datasetText(
  { kind, bytes: used, budgetBytes, rows }: RetentionEvent,
  name: string,
  { t, number, bytes }: Wording,
): string {
  const [taken, budget] = [bytes(used), bytes(budgetBytes)] as const;
  switch (kind) {
    case 'warned':
      return t('{0}: {1} of a budget of {2} are used.', name, taken, budget);
    case 'stopped':
      return t(
        '{0}: nothing new is recorded. {1} of a budget of {2} are used, and what is stored is held or set not to go by itself. What is stored stays.',
        name,
        taken,
        budget,
      );
    case 'resumed':
      return t('{0}: recorded again.', name);
    case 'purged':
      return rows === undefined
        ? t('{0}: its oldest records went, as its budget of {1} was used up.', name, budget)
        : t(
            '{0}: its {1} oldest records went, as its budget of {2} was used up.',
            name,
            number(rows),
            budget,
          );
  }
}

function fullText({ t }: Wording): string {
  return t(
    'The disk is full: nothing can be saved now, the history included. What is stored can still be read, and saving goes on by itself once there is room.',
  );
}

function damagedText(wording: Wording, damage: readonly StorageDamage[]): string {
  const losses = damage.map((each) => damageText(wording, each)).join(' ');
  return wording.t(
    'Not all of the store could be read. {0} The rest is in use; what could not be read was kept aside.',
    losses,
  );
}
