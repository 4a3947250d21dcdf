import type { ComponentChild } from 'preact';
import type { PageDto } from '../../../../src/protocol/valuePage';
import type { PageByKind, PageKind } from '../page';
import type { ValueModel } from '../valueModel';
import { bytesType } from './bytes/bytesType';
import { hashType } from './hash/hashType';
import { jsonType } from './json/jsonType';
import { listType } from './list/listType';
import { otherType } from './other/otherType';
import { setType } from './set/setType';
import { streamType } from './stream/streamType';
import type { ValueType } from './valueType';
import { zsetType } from './zset/zsetType';

/** Every kind of value: a kind of page without its folder does not compile. */
const valueTypes: { readonly [K in PageKind]: ValueType<K> } = {
  bytes: bytesType,
  hash: hashType,
  list: listType,
  set: setType,
  zset: zsetType,
  stream: streamType,
  json: jsonType,
  other: otherType,
};

/** The content of the panel for a page. */
export function drawPage<K extends PageKind>(
  kind: K,
  page: PageByKind[K],
  model: ValueModel,
): ComponentChild {
  return valueTypes[kind].View({ page, model });
}

/** What was loaded joined with the next page; a page of another kind replaces it. */
export function appendPage(loaded: PageDto, next: PageDto): PageDto {
  return appendAs(loaded.kind, loaded, next);
}

function appendAs<K extends PageKind>(kind: K, loaded: PageByKind[K], next: PageDto): PageDto {
  return next.kind === kind ? valueTypes[kind].append(loaded, next as PageByKind[K]) : next;
}

/** How much of the value was read. */
export function readOf<K extends PageKind>(kind: K, page: PageByKind[K]): ReturnType<ValueType<K>['read']> {
  return valueTypes[kind].read(page);
}
