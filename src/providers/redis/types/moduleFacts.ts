import type { CallOptions } from '../../../engine/connections/cacheProvider';
import type { ValueFact } from '../../../engine/connections/valuePage';
import { EngineError } from '../../../engine/kernel/errors';
import { labelOfBytes } from '../../../engine/keys/keyLabel';
import type { RedisLink, Reply } from '../redisLink';
import { pairs } from '../replies';

/** Names of module types as TYPE answers them, to the command that tells of a value. */
const infoCommands = new Map([
  ['TSDB-TYPE', 'TS.INFO'],
  ['MBbloom--', 'BF.INFO'],
  ['bloomfltr', 'BF.INFO'],
  ['MBbloomCF', 'CF.INFO'],
  ['TopK-TYPE', 'TOPK.INFO'],
  ['CMSk-TYPE', 'CMS.INFO'],
  ['TDIS-TYPE', 'TDIGEST.INFO'],
  ['vectorset', 'VINFO'],
]);

const mostFacts = 40;
const longestText = 200;

/** What the module of a type tells of a value; nothing for unknown modules and on any refusal of the server. */
export async function moduleFacts(
  link: RedisLink,
  typeName: string,
  key: Buffer,
  call: CallOptions,
): Promise<readonly ValueFact[] | undefined> {
  const command = infoCommands.get(typeName);
  if (command === undefined || link.knows(command.toLowerCase()) !== true) return undefined;
  const [reply] = await link.pipeline([[command, key]], call);
  if (reply === undefined || reply instanceof EngineError || !Array.isArray(reply)) return undefined;
  const facts = pairs(reply as readonly Reply[]).slice(0, mostFacts);
  return facts.map(([name, value]) => ({ name: textOf(name), value: textOf(value) }));
}

function textOf(reply: Reply): string {
  if (reply === null) return '';
  if (typeof reply === 'number') return String(reply);
  if (typeof reply === 'string') return bounded(reply);
  if (Buffer.isBuffer(reply)) return bounded(labelOfBytes(reply.subarray(0, longestText)));
  return reply.length === 0 ? 'none' : `${reply.length} entries`;
}

function bounded(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
