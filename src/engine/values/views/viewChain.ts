import { invalid } from '../../kernel/errors';
import type { ValueView } from '../valueViews';
import type { Codecs, Face, Layer } from './codec';

/** Decoders of one view in the order they are applied. */
export interface ViewChain {
  readonly layers: readonly Layer[];
  readonly face: Face;
}

/** Most decoders of one view. */
export const maxDecoders = 3;

/** The decoders that a view's id names. */
export function parseView(id: string, { faces, layers }: Codecs): ViewChain {
  const names = id.split('+');
  const face = faces.find(({ name }) => name === names.at(-1));
  const found = names.slice(0, -1).map((name) => layers.find((layer) => layer.name === name));
  if (!face || names.length > maxDecoders) throw unknownView();
  return {
    face,
    layers: found.map((layer) => {
      if (!layer) throw unknownView();
      return layer;
    }),
  };
}

/** Id and title of a chain: `gzip+json`, `JSON in gzip`. */
export function viewOf({ layers, face }: ViewChain): ValueView {
  const titles = [face, ...layers.toReversed()].map(({ title }) => title);
  return { id: [...layers, face].map(({ name }) => name).join('+'), title: titles.join(' in ') };
}

function unknownView(): Error {
  return invalid('This view is not known: choose another one');
}
