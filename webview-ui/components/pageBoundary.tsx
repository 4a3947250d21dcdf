import { Component, type ComponentChild } from 'preact';
import { useState } from 'preact/hooks';
import { toFailure } from '../app/failure';
import { t } from '../app/l10n';
import { ErrorPanel } from './errorPanel';

/** Keeps what ends a page's own work, to be run when the page is built anew: last in, first out. */
export type Own = (end: () => void) => void;

/** Builds a page from nothing. */
export type Start = (own: Own) => ComponentChild;

interface PageBoundaryProps {
  readonly start: Start;
}

interface Drawing {
  /** Rises with each time the page is built. */
  readonly attempt: number;
  readonly failed?: { readonly thrown: unknown } | undefined;
}

/** A page that could not be drawn says what failed and is built anew when asked, instead of staying blank. */
export class PageBoundary extends Component<PageBoundaryProps, Drawing> {
  override state: Drawing = { attempt: 1 };
  private readonly ends: (() => void)[] = [];

  override componentDidCatch(thrown: unknown): void {
    this.setState({ failed: { thrown } });
  }

  render() {
    const { attempt, failed } = this.state;
    if (!failed) return <Page key={attempt} start={this.start} />;
    return (
      <main class="panel-waiting">
        <ErrorPanel
          title={t('This page could not be drawn')}
          failure={toFailure(failed.thrown)}
          retryLabel={t('Reload')}
          onRetry={() => this.startAgain()}
        />
      </main>
    );
  }

  private readonly start = (): ComponentChild => this.props.start((end) => this.ends.push(end));

  /** The page that failed would go on listening and reading beside the new one. */
  private startAgain(): void {
    for (let end = this.ends.pop(); end; end = this.ends.pop()) end();
    this.setState({ attempt: this.state.attempt + 1, failed: undefined });
  }
}

function Page({ start }: { readonly start: () => ComponentChild }) {
  const [page] = useState(start);
  return <>{page}</>;
}
