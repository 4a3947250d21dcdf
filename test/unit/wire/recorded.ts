import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../helpers/repository';

/** A reply as a real server sent it, one character a byte. */
export interface RecordedReply {
  readonly server: string;
  readonly asked: string;
  readonly reply: string;
}

/** Where the replies of an engine are kept; `recordReplies.ts` writes them anew. */
export function recordedFile(engine: 'redis' | 'memcached'): string {
  return join(repositoryRoot, 'test', 'golden', 'wire', `${engine}.json`);
}

/** Replies of real servers. */
export function recordedReplies(engine: 'redis' | 'memcached'): readonly RecordedReply[] {
  return JSON.parse(readFileSync(recordedFile(engine), 'utf8')) as RecordedReply[];
}
