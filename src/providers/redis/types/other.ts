import { EngineError } from '../../../engine/kernel/errors';
import { asNumber, asText, unwrap } from '../replies';
import { moduleFacts } from './moduleFacts';
import type { TypeReader } from './typeReader';

/** A type of a module that we do not know: what the server, and a module that is known, tell of it, and nothing that could break. */
export const otherReader: TypeReader = {
  type: 'other',
  async readPage(link, key, _request, call) {
    const [type, memory] = await link.pipeline(
      [
        ['TYPE', key],
        ['MEMORY', 'USAGE', key],
      ],
      call,
    );
    const typeName = asText(unwrap(type));
    const known = !(memory instanceof EngineError) && memory !== null;
    const facts = await moduleFacts(link, typeName, key, call);
    return {
      kind: 'other',
      typeName,
      ...(known && { memoryBytes: asNumber(memory) }),
      note: `Values of the module type "${typeName}" cannot be shown. Rename, time to live and delete work as usual.`,
      ...(facts && { facts }),
    };
  },
};
