import type { CallOptions } from '../../../engine/connections/cacheProvider';
import { invalid } from '../../../engine/kernel/errors';
import type { RedisLink, Reply } from '../redisLink';
import { asList, asOptionalBuffer, unwrap } from '../replies';

/** The text at a path of a JSON value; undefined when there is none. A path that names several places is refused. */
export async function readJsonPath(
  link: RedisLink,
  key: Buffer,
  path: string,
  call: CallOptions,
): Promise<Buffer | undefined> {
  requireJsonPath(path);
  const [types, text] = await link.pipeline(
    [
      ['JSON.TYPE', key, path],
      ['JSON.GET', key, path],
    ],
    call,
  );
  const places = countOf(unwrap(types));
  if (places > 1) throw invalid('The path names more than one place');
  const list = asOptionalBuffer(unwrap(text));
  // a path that begins with $ gives the list of what it matches: here, of one
  return places === 0 || list === undefined ? undefined : Buffer.from(list.subarray(1, -1));
}

/** Refuses the old syntax of paths, which answers in another shape. */
export function requireJsonPath(path: string): void {
  if (!path.startsWith('$')) throw invalid('A path in JSON begins with $');
}

function countOf(types: Reply): number {
  return types === null ? 0 : asList(types).length;
}
