import type { ComponentChildren } from 'preact';

interface HeaderProps {
  readonly title: string;
  /** The title is data, shown in the font of data. */
  readonly data?: boolean;
  readonly facts?: ComponentChildren;
  readonly where?: ComponentChildren;
  readonly actions?: ComponentChildren;
}

/** What, where and the acts; it never scrolls. */
export function Header({ title, data = false, facts, where, actions }: HeaderProps) {
  return (
    <header class="panel-header">
      <div class="panel-header-line">
        <h1 class={data ? 'data' : ''} title={title}>
          {title}
        </h1>
        {facts ? <div class="panel-facts">{facts}</div> : null}
      </div>
      {where || actions ? (
        <div class="panel-header-line">
          <div class="panel-where">{where}</div>
          {actions ? (
            <div class="panel-actions" role="group">
              {actions}
            </div>
          ) : null}
        </div>
      ) : null}
    </header>
  );
}
