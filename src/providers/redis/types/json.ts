import { asBuffer } from '../replies';
import { readJsonPath } from './jsonPath';
import type { TypeReader } from './typeReader';

/** Values of the JSON module, as the text the server gives. */
export const jsonReader: TypeReader = {
  type: 'json',
  async readPage(link, key, request, call) {
    const text = asBuffer(await link.send(['JSON.GET', key], call));
    const truncated = text.length > request.limit;
    return {
      kind: 'json',
      total: text.length,
      text: truncated ? Buffer.from(text.subarray(0, request.limit)) : text,
      truncated,
    };
  },
  async readElement(link, key, element, call) {
    return element.kind === 'json' ? readJsonPath(link, key, element.path, call) : undefined;
  },
};
