import type * as vscode from 'vscode';
import type { EngineError } from '../../engine/kernel/errors';
import { valueEvents, valueMethods } from '../../protocol/value';
import type { DraftDto } from '../../protocol/valueChange';
import { writeBackup } from './draftBackup';
import type { Surface } from './panel';
import type { Handlers } from './rpcHost';
import { valueViewType } from './valueAddress';

/** A value that cannot be reached any more, such as one whose connection was deleted; its unsaved edits can be copied. */
export class LostValue implements vscode.CustomDocument {
  constructor(
    readonly uri: vscode.Uri,
    readonly error: EngineError,
    private drafts: readonly DraftDto[],
  ) {}

  /** A page that says why, and shows the unsaved edits. */
  surface(): Surface<typeof valueMethods, typeof valueEvents> {
    return {
      viewType: valueViewType,
      bundle: 'value',
      key: this.uri.toString(),
      title: this.uri.path.slice(this.uri.path.lastIndexOf('/') + 1),
      restore: {},
      methods: valueMethods,
      events: valueEvents,
      start: () => ({
        ...refusing(this.error),
        'value/holdDrafts': ({ drafts }) => {
          this.drafts = drafts;
          return {};
        },
        'value/heldDrafts': () => ({ drafts: [...this.drafts], revision: 0 }),
      }),
    };
  }

  async backUp(to: vscode.Uri): Promise<void> {
    await writeBackup(to, { drafts: this.drafts, sending: [] });
  }

  dispose(): void {
    this.drafts = [];
  }
}

/** Answers every request with the same failure. */
function refusing(error: EngineError): Handlers<typeof valueMethods> {
  const handlers: Partial<Record<keyof typeof valueMethods, () => never>> = {};
  const names = Object.keys(valueMethods) as (keyof typeof valueMethods)[];
  for (const name of names)
    handlers[name] = () => {
      throw error;
    };
  return handlers as Handlers<typeof valueMethods>;
}
