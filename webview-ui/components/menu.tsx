import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Button } from './button';
import { Icon } from './icon';

export interface MenuItem {
  readonly label: string;
  readonly icon?: string;
  readonly disabled?: boolean;
  /** Why it is disabled. */
  readonly hint?: string | undefined;
  readonly run: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly icon?: string;
  readonly items: readonly MenuItem[];
  readonly disabled?: boolean;
}

/** A button that opens a menu. Arrows move, Enter runs, Escape and a click elsewhere close. */
export function Menu({ label, icon = 'ellipsis', items, disabled = false }: MenuProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const close = (): void => {
    setOpen(false);
    box.current?.querySelector<HTMLElement>('vscode-button')?.focus();
  };
  useEffect(() => (open ? onOutside(box.current, () => setOpen(false)) : undefined), [open]);
  return (
    <div class="menu" ref={box}>
      <Button
        label={label}
        icon={icon}
        iconOnly
        disabled={disabled}
        expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open ? <MenuList id={id} label={label} items={items} close={close} /> : null}
    </div>
  );
}

interface MenuListProps extends Pick<MenuProps, 'label' | 'items'> {
  readonly id: string;
  readonly close: () => void;
}

function MenuList({ id, label, items, close }: MenuListProps) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => focusItem(list.current, 0), []);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = itemsIn(list.current).findIndex((item) => item === document.activeElement);
    const to = targetOf(event.key, at, items.length);
    if (event.key === 'Escape' || event.key === 'Tab') close();
    else if (to !== undefined) focusItem(list.current, to);
    else return;
    event.stopPropagation();
    event.preventDefault();
  };
  return (
    <div class="menu-list" role="menu" id={id} aria-label={label} ref={list} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          class="menu-item"
          tabIndex={-1}
          aria-disabled={item.disabled ?? false}
          title={item.hint ?? ''}
          onClick={() => {
            if (item.disabled) return;
            close();
            item.run();
          }}
        >
          <Icon name={item.icon ?? 'blank'} />
          <span>{item.label}</span>
        </button>
      ))}
    </div>
  );
}

function itemsIn(list: HTMLElement | null): HTMLElement[] {
  return [...(list?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
}

function focusItem(list: HTMLElement | null, at: number): void {
  itemsIn(list)[at]?.focus();
}

function targetOf(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowDown') return (at + 1) % count;
  if (key === 'ArrowUp') return (at - 1 + count) % count;
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : undefined;
}

function onOutside(box: HTMLElement | null, close: () => void): () => void {
  const handle = (event: Event): void => {
    if (event.target instanceof Node && !box?.contains(event.target)) close();
  };
  document.addEventListener('pointerdown', handle, { capture: true });
  window.addEventListener('blur', close);
  return () => {
    document.removeEventListener('pointerdown', handle, { capture: true });
    window.removeEventListener('blur', close);
  };
}
