import type { ChangeDto, ElementEditsDto } from '../../../src/protocol/valueChange';
import type { PageDto } from '../../../src/protocol/valuePage';
import { sizeOfBase64 } from '../../app/bytes';
import { appendRows, type Cell, type PageByKind } from './page';

/**
 * The page after a save of a value that the server keeps in no order: the rows loaded so far stay and what was
 * saved is put in place, so that neither the list nor the saved row vanishes. Undefined: read the pages again.
 */
export function mergeSaved(
  loaded: PageDto | undefined,
  fresh: PageDto | undefined,
  change: ChangeDto,
): PageDto | undefined {
  if (change.kind !== 'elements') return undefined;
  const { elements } = change;
  if (elements.type === 'hash' && loaded?.kind === 'hash' && fresh?.kind === 'hash')
    return mergeHash(loaded, fresh, elements.edits);
  if (elements.type === 'set' && loaded?.kind === 'set' && fresh?.kind === 'set')
    return mergeSet(loaded, fresh, elements.edits);
  return undefined;
}

type HashPage = PageByKind['hash'];
type SetPage = PageByKind['set'];
type EditsOf<T extends ElementEditsDto['type']> = Extract<ElementEditsDto, { type: T }>['edits'];

function mergeHash(loaded: HashPage, fresh: HashPage, edits: EditsOf<'hash'>): HashPage {
  const edited = new Map(edits.map((edit) => [edit.field, edit]));
  const kept = loaded.rows.filter(
    ({ field }) => edited.get(field.bytes)?.after !== undefined || !edited.has(field.bytes),
  );
  const saved = edits.flatMap(({ field, after }) =>
    after === undefined
      ? []
      : [
          {
            ...loaded.rows.find((row) => row.field.bytes === field),
            field: whole(field),
            value: whole(after),
          },
        ],
  );
  const keyOf = (row: HashPage['rows'][number]): string => row.field.bytes;
  const inPlace = appendRows<HashPage['rows'][number], HashPage>(
    { ...loaded, rows: kept },
    { ...loaded, rows: saved },
    keyOf,
  );
  return { ...appendRows<HashPage['rows'][number], HashPage>(inPlace, fresh, keyOf), cursor: loaded.cursor };
}

function mergeSet(loaded: SetPage, fresh: SetPage, edits: EditsOf<'set'>): SetPage {
  const gone = new Set(edits.filter(({ after }) => !after).map(({ member }) => member));
  const added = edits.filter(({ after }) => after).map(({ member }) => ({ member: whole(member) }));
  const kept = loaded.rows.filter(({ member }) => !gone.has(member.bytes));
  const keyOf = (row: SetPage['rows'][number]): string => row.member.bytes;
  const inPlace = { ...loaded, rows: [...kept, ...added] };
  return { ...appendRows<SetPage['rows'][number], SetPage>(inPlace, fresh, keyOf), cursor: loaded.cursor };
}

function whole(bytes: string): Cell {
  return { bytes, size: sizeOfBase64(bytes) };
}
