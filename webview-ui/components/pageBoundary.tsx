import { Component, type ComponentChild } from 'preact';
import { useState } from 'preact/hooks';
import { toFailure } from '../app/failure';
import { t } from '../app/l10n';
import { ErrorPanel } from './errorPanel';

interface PageBoundaryProps {
  /** Builds the page from nothing. */
  readonly start: () => ComponentChild;
}

interface Drawing {
  /** Rises with each time the page is built. */
  readonly attempt: number;
  readonly thrown?: unknown;
}

/** A page that could not be drawn says what failed and is built anew when asked, instead of staying blank. */
export class PageBoundary extends Component<PageBoundaryProps, Drawing> {
  override state: Drawing = { attempt: 1 };

  override componentDidCatch(thrown: unknown): void {
    this.setState({ thrown });
  }

  render() {
    const { attempt } = this.state;
    if (!('thrown' in this.state)) return <Page key={attempt} start={this.props.start} />;
    return (
      <main class="panel-waiting">
        <ErrorPanel
          title={t('This page could not be drawn')}
          failure={toFailure(this.state.thrown)}
          retryLabel={t('Reload')}
          onRetry={() => this.startAgain()}
        />
      </main>
    );
  }

  private startAgain(): void {
    this.state = { attempt: this.state.attempt + 1 };
    this.forceUpdate();
  }
}

function Page({ start }: PageBoundaryProps) {
  const [page] = useState(start);
  return <>{page}</>;
}
