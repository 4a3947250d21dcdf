import type { ComponentChild } from 'preact';
import type { PageByKind, PageKind } from '../page';
import type { ValueModel } from '../valueModel';

/** What a kind of value needs to be shown: one object a folder. */
export interface ValueType<K extends PageKind> {
  readonly View: (props: { readonly page: PageByKind[K]; readonly model: ValueModel }) => ComponentChild;
  /** Joins a page with what was loaded before it. */
  readonly append: (loaded: PageByKind[K], next: PageByKind[K]) => PageByKind[K];
  /** `200 of 1,204 read`; undefined where it says nothing. */
  readonly read: (
    page: PageByKind[K],
  ) => { readonly loaded: number; readonly total: number; readonly bytes?: boolean } | undefined;
}
