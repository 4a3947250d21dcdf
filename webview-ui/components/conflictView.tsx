import { t } from '../app/l10n';
import { differingPart } from '../app/textDifference';

interface ConflictViewProps {
  readonly yours: string;
  /** Undefined: there was nothing, or it is not known. */
  readonly before: string | undefined;
  readonly theirs: string | undefined;
}

/** Three texts side by side: what you wrote, what you began from, and what the server holds now. */
export function ConflictView({ yours, before, theirs }: ConflictViewProps) {
  return (
    <div class="conflict">
      <Pane title={t('Yours, not saved')} text={yours} base={before} />
      <Pane title={t('Before, as you saw it')} text={before} base={undefined} />
      <Pane title={t('Theirs, on the server now')} text={theirs} base={before} />
    </div>
  );
}

interface PaneProps {
  readonly title: string;
  readonly text: string | undefined;
  readonly base: string | undefined;
}

function Pane({ title, text, base }: PaneProps) {
  return (
    <section class="conflict-pane" aria-label={title}>
      <h2>{title}</h2>
      {text === undefined ? (
        <p class="conflict-nothing">{t('Nothing to show')}</p>
      ) : (
        // A region that scrolls must be reachable by keyboard.
        <pre tabIndex={0} aria-label={title} role="region">
          {base === undefined ? text : <Marked text={text} base={base} />}
        </pre>
      )}
    </section>
  );
}

function Marked({ text, base }: { readonly text: string; readonly base: string }) {
  const { start, end } = differingPart(text, base);
  return (
    <>
      {text.slice(0, start)}
      {end > start ? <mark>{text.slice(start, end)}</mark> : null}
      {text.slice(end)}
    </>
  );
}
