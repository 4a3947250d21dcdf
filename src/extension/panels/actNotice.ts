import * as vscode from 'vscode';
import type { Applied, Change } from '../../engine/connections/change';
import { number } from '../messages';

const t = vscode.l10n.t;

/** What a person should know of an act on a stream beyond that it has happened; undefined for nothing. */
export function actNotice(change: Change, { count = 0, dropped = 0 }: Applied): string | undefined {
  if (change.kind !== 'stream') return undefined;
  if (change.act.act === 'claim' && dropped > 0) {
    const gone =
      dropped === 1
        ? t('1 pending entry is not in the stream any more: the server removed it from the pending ones.')
        : t(
            '{0} pending entries are not in the stream any more: the server removed them from the pending ones.',
            number(dropped),
          );
    return count === 0 ? gone : t('{0} claimed. {1}', number(count), gone);
  }
  if (change.act.act !== 'deleteConsumer' || count === 0) return undefined;
  return count === 1
    ? t('The consumer had 1 entry pending, which is pending no more.')
    : t('The consumer had {0} entries pending, which are pending no more.', number(count));
}
