import { useMemo, useRef, useState } from 'preact/hooks';
import { formatCount } from '../../app/format';
import { t } from '../../app/l10n';
import { Button } from '../../components/button';
import { moveActiveRow, windowOf } from '../../components/gridKeys';
import { Icon } from '../../components/icon';
import { useViewport } from '../../components/viewport';
import { foldedText, type JsonLine, jsonLines, visibleLines } from './jsonLines';

const lineHeight = 20;

/** JSON with what its brackets hold folded and unfolded; only the lines in view are in the page. */
export function JsonTree({ label, text }: { readonly label: string; readonly text: string }) {
  const lines = useMemo(() => jsonLines(text), [text]);
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set());
  const shown = useMemo(() => visibleLines(lines, folded), [lines, folded]);
  const toggle = (at: number): void => {
    const next = new Set(folded);
    if (!next.delete(at)) next.add(at);
    setFolded(next);
  };
  const foldAll = (): void =>
    setFolded(new Set(lines.flatMap(({ end }, at) => (end === undefined || at === 0 ? [] : [at]))));
  return (
    <div class="json-tree">
      <div class="json-tree-bar">
        <Button label={t('Fold all')} icon="collapse-all" iconOnly onClick={foldAll} />
        <Button label={t('Unfold all')} icon="expand-all" iconOnly onClick={() => setFolded(new Set())} />
        <span class="secondary">
          {lines.length === 1 ? t('1 line') : t('{0} lines', formatCount(lines.length))}
        </span>
      </div>
      <Lines label={label} lines={lines} shown={shown} folded={folded} onToggle={toggle} />
    </div>
  );
}

interface LinesProps {
  readonly label: string;
  readonly lines: readonly JsonLine[];
  readonly shown: readonly number[];
  readonly folded: ReadonlySet<number>;
  readonly onToggle: (at: number) => void;
}

function Lines({ label, lines, shown, folded, onToggle }: LinesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const view = useViewport(scroller);
  const [active, setActive] = useState(0);
  const current = Math.min(active, shown.length - 1);
  const [first, end] = windowOf(view.top, view.height, lineHeight, shown.length);
  const onKeyDown = (event: KeyboardEvent): void => {
    const line = shown[current] ?? 0;
    const turns = turnsFold(event.key, lines[line]?.end !== undefined, folded.has(line));
    const to = turns
      ? undefined
      : moveActiveRow(event.key, current, shown.length - 1, Math.floor(view.height / lineHeight));
    if (!turns && to === undefined) return;
    event.preventDefault();
    if (turns) onToggle(line);
    if (to === undefined) return;
    setActive(to);
    reveal(scroller.current, to);
  };
  return (
    <div class="json-lines" role="tree" tabIndex={0} aria-label={label} ref={scroller} onKeyDown={onKeyDown}>
      <div role="presentation" style={{ height: `${shown.length * lineHeight}px` }}>
        {shown.slice(first, end).map((at, offset) => (
          <Line
            key={at}
            top={(first + offset) * lineHeight}
            active={first + offset === current}
            text={folded.has(at) ? foldedText(lines, at) : (lines[at]?.text ?? '')}
            expanded={lines[at]?.end === undefined ? undefined : !folded.has(at)}
            onClick={() => {
              setActive(first + offset);
              if (lines[at]?.end !== undefined) onToggle(at);
            }}
          />
        ))}
      </div>
    </div>
  );
}

interface LineProps {
  readonly top: number;
  readonly active: boolean;
  readonly text: string;
  /** Undefined: nothing to fold. */
  readonly expanded: boolean | undefined;
  readonly onClick: () => void;
}

function Line({ top, active, text, expanded, onClick }: LineProps) {
  const depth = /^\s*/.exec(text)?.[0].length ?? 0;
  return (
    <div
      role="treeitem"
      aria-level={depth / 2 + 1}
      {...(expanded === undefined ? {} : { 'aria-expanded': expanded })}
      aria-selected={active}
      class={`json-line${active ? ' active' : ''}`}
      style={{ top: `${top}px` }}
      onClick={onClick}
    >
      <span class="json-fold">
        {expanded === undefined ? null : <Icon name={expanded ? 'chevron-down' : 'chevron-right'} />}
      </span>
      <bdi dir="ltr">{text.slice(0, 2000)}</bdi>
    </div>
  );
}

function turnsFold(key: string, foldable: boolean, isFolded: boolean): boolean {
  if (!foldable) return false;
  if (key === 'Enter' || key === ' ') return true;
  return isFolded ? key === 'ArrowRight' : key === 'ArrowLeft';
}

function reveal(scroller: HTMLElement | null, at: number): void {
  if (!scroller) return;
  const top = at * lineHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top > scroller.scrollTop + scroller.clientHeight - lineHeight)
    scroller.scrollTop = top - scroller.clientHeight + lineHeight;
}
