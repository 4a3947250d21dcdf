import type { Face, Layer } from '../../engine/values/views/codec';
import { base64Layer } from './base64Layer';
import { bitmapFace } from './bitmapFace';
import { brotliLayer } from './brotliLayer';
import { cborFace } from './cborFace';
import { charsetFaces } from './charsetFaces';
import { deflateLayer } from './deflateLayer';
import { gzipLayer } from './gzipLayer';
import { hexDumpFace, hexFace } from './hexFaces';
import { hyperLogLogFace } from './hyperLogLogFace';
import { imageFace } from './imageFace';
import { javaFace } from './javaFace';
import { jsonFace, ndjsonFace } from './jsonFaces';
import { jwtFace } from './jwtFace';
import { lz4Layer } from './lz4Layer';
import { msgpackFace } from './msgpackFace';
import { phpFace } from './phpFace';
import { pickleFace } from './pickleFace';
import { protobufWireFace } from './protobufWireFace';
import { framedSnappyLayer, snappyLayer } from './snappyLayers';
import { textFace } from './textFace';
import { phpZlibLayer, zlibLayer } from './zlibLayer';
import { utf16Faces } from './utf16Faces';
import { zstdLayer } from './zstdLayer';

/** What unpacks, in the order it is tried. */
export const allLayers: readonly Layer[] = [
  gzipLayer,
  zstdLayer,
  lz4Layer,
  framedSnappyLayer,
  zlibLayer,
  phpZlibLayer,
  base64Layer,
  brotliLayer,
  deflateLayer,
  snappyLayer,
];

/** What shows, the most telling first; text, hex and the dump fit everything. */
export const allFaces: readonly Face[] = [
  imageFace,
  javaFace,
  pickleFace,
  hyperLogLogFace,
  jsonFace,
  ndjsonFace,
  jwtFace,
  phpFace,
  ...utf16Faces,
  msgpackFace,
  cborFace,
  textFace,
  hexFace,
  hexDumpFace,
  ...charsetFaces,
  bitmapFace,
  protobufWireFace,
];
