import type { DraftDto, TargetDto } from './valueChange';

/** Key of the draft of an element that is being added. */
export const newKey = 'new';

/** Which draft this is: one a whole value, one an element, one for an element that is being added. */
export function draftKey(target: TargetDto): string {
  switch (target.kind) {
    case 'string':
    case 'item':
      return 'value';
    case 'json':
      return `json:${target.path}`;
    case 'hash':
      return keyed('hash', target.field);
    case 'list':
      return keyed('list', target.index);
    case 'set':
    case 'zset':
      return keyed(target.kind, target.member);
  }
}

function keyed(kind: string, name: string | number | undefined): string {
  return name === undefined ? newKey : `${kind}:${name}`;
}

/** Whether the draft adds an element. */
export function isNew({ target }: DraftDto): boolean {
  return draftKey(target) === newKey;
}
