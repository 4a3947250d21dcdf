import type { ElementRef } from '../../engine/connections/valuePage';
import { cellDigest } from '../../engine/values/cellDigest';
import type { ChangeDto } from '../../protocol/valueChange';

/** Reads one element whole; undefined when it is gone. */
type ReadElement = (element: ElementRef) => Promise<Buffer | undefined>;

/**
 * The change with every cut side made whole: a page shows only the start of a long element, the server compares all
 * of it. Undefined when what the server holds is not what the page showed the start of.
 */
export async function wholeEdits(dto: ChangeDto, read: ReadElement): Promise<ChangeDto | undefined> {
  if (dto.kind !== 'elements') return dto;
  const { elements } = dto;
  if (elements.type === 'hash') {
    const edits = await allWhole(elements.edits, ({ field }) =>
      read({ kind: 'hash', field: Buffer.from(field, 'base64') }),
    );
    return edits && { kind: 'elements', elements: { type: 'hash', edits } };
  }
  if (elements.type === 'list') {
    const edits = await allWhole(elements.edits, ({ index }) => read({ kind: 'list', index }));
    return edits && { kind: 'elements', elements: { type: 'list', edits } };
  }
  return dto;
}

interface Sided {
  readonly before?: string | undefined;
  readonly beforeSize?: number | undefined;
  readonly beforeDigest?: string | undefined;
}

async function allWhole<E extends Sided>(
  edits: readonly E[],
  read: (edit: E) => Promise<Buffer | undefined>,
): Promise<E[] | undefined> {
  const whole: E[] = [];
  for (const edit of edits) {
    const made = edit.beforeSize === undefined ? edit : await madeWhole(edit, read);
    if (!made) return undefined;
    whole.push(made);
  }
  return whole;
}

async function madeWhole<E extends Sided>(
  edit: E,
  read: (edit: E) => Promise<Buffer | undefined>,
): Promise<E | undefined> {
  const start = Buffer.from(edit.before ?? '', 'base64');
  const now = await read(edit);
  if (!now || now.length !== edit.beforeSize || !now.subarray(0, start.length).equals(start))
    return undefined;
  // the part that was not shown may be another by now
  if (edit.beforeDigest !== undefined && cellDigest(now) !== edit.beforeDigest) return undefined;
  return { ...edit, before: now.toString('base64') };
}
