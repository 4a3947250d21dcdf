import type { ChangeDto, PageDto } from '../../../src/protocol/value';
import { sizeOfBase64 } from '../../app/bytes';
import { appendRows, type PageByKind } from './page';

/**
 * The page after a save. Of a hash, the rows loaded so far stay and the saved field is put in place, so the
 * list does not shrink back to its first page under the person; everything else is the new page.
 */
export function mergeSaved(
  loaded: PageDto | undefined,
  fresh: PageDto | undefined,
  change: ChangeDto,
): PageDto | undefined {
  if (loaded?.kind !== 'hash' || fresh?.kind !== 'hash' || change.kind !== 'hash') return fresh;
  const value = { bytes: change.after, size: sizeOfBase64(change.after) };
  const field = { bytes: change.field, size: sizeOfBase64(change.field) };
  const saved = {
    ...loaded,
    rows: [{ ...loaded.rows.find((row) => row.field.bytes === change.field), field, value }],
  };
  return { ...join(join(loaded, saved), fresh), cursor: loaded.cursor };
}

type HashPage = PageByKind['hash'];

function join(loaded: HashPage, next: HashPage): HashPage {
  return appendRows<HashPage['rows'][number], HashPage>(loaded, next, (row) => row.field.bytes);
}
