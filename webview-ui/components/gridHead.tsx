import { t } from '../app/l10n';
import { type Column, setColumnWidth, type Template } from './gridColumns';

interface GridHeadProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly template: Template;
}

/** The titles of the columns, with a handle on the right edge of each that sets its width. */
export function GridHead<Row>({ columns, template }: GridHeadProps<Row>) {
  return (
    <div class="grid-head" role="row" aria-rowindex={1} style={template}>
      {columns.map((column, at) => (
        <span key={column.id} role="columnheader" class={column.numeric ? 'numeric' : ''}>
          <span class="grid-title">{column.title}</span>
          {at < columns.length - 1 ? <WidthHandle id={column.id} title={column.title} /> : null}
        </span>
      ))}
    </div>
  );
}

const step = 16;

function WidthHandle({ id, title }: { readonly id: string; readonly title: string }) {
  const widthOf = (handle: EventTarget | null): number =>
    handle instanceof HTMLElement ? (handle.parentElement?.offsetWidth ?? 0) : 0;
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowLeft' ? -step : event.key === 'ArrowRight' ? step : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    setColumnWidth(id, widthOf(event.currentTarget) + by);
  };
  return (
    <button
      type="button"
      class="grid-handle"
      aria-label={t('Width of the column {0}: left and right arrow', title)}
      onKeyDown={onKeyDown}
      onPointerDown={(event) =>
        drag(event, widthOf(event.currentTarget), (width) => setColumnWidth(id, width))
      }
    />
  );
}

/** Follows the pointer from here until it is let go. */
function drag(event: PointerEvent, width: number, set: (width: number) => void): void {
  const handle = event.currentTarget;
  if (!(handle instanceof HTMLElement)) return;
  const from = event.clientX;
  const move = (moved: PointerEvent): void => set(width + moved.clientX - from);
  const end = (): void => {
    handle.removeEventListener('pointermove', move);
    handle.removeEventListener('pointerup', end);
    handle.removeEventListener('pointercancel', end);
  };
  handle.setPointerCapture(event.pointerId);
  handle.addEventListener('pointermove', move);
  handle.addEventListener('pointerup', end);
  handle.addEventListener('pointercancel', end);
  event.preventDefault();
}
