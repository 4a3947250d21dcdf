/** The document that the packed samples hold. */
export const document = '{"id":9007199254740993,"name":"Anna","tags":["a","b"]}';
/** The document twenty times, a line each. */
export const documentLines = `${document}\n`.repeat(20);

function base64(text: string): Buffer {
  return Buffer.from(text, 'base64');
}

/** What real writers made of `document` or `documentLines`. */
export const packed = {
  /** gzip 1.12, level 9, no name. */
  gzipDocument: base64(
    'H4sIAAAAAAACA6tWykxRsrI0MDA3tLQ0MjUxNzGwtDTWUcpLzE1VslJyzMtLVNJRKklML1ayilYCsZOUYmsBohTPejYAAAA=',
  ),
  /** gzip 1.12, level 6, with the name of a file and its time. */
  gzipLines: base64(
    'H4sICPV2AGsAA2wudHh0AKtWykxRsrI0MDA3tLQ0MjUxNzGwtDTWUcpLzE1VslJyzMtLVNJRKklML1ayilYCsZOUYmu5qke1jWob1TaqDVkbAB1AiyxMBAAA',
  ),
  /** zlib of Python 3.11. */
  zlibDocument: base64('eJyrVspMUbKyNDAwN7S0NDI1MTcxsLQ01lHKS8xNVbJScszLS1TSUSpJTC9WsopWArGTlGJrAXgnDic='),
  zlibLines: base64(
    'eJyrVspMUbKyNDAwN7S0NDI1MTcxsLQ01lHKS8xNVbJScszLS1TSUSpJTC9WsopWArGTlGJruapHtY1qG9U2qg1ZGwDEwxvQ',
  ),
  /** zstd, level 19, with its size. */
  zstdLines: base64(
    'KLUv/WRMA/UBADQDeyJpZCI6OTAwNzE5OTI1NDc0MDk5MywibmFtZSI6IkFubmEiLCJ0YWdzIjpbImIiXX0KAgASaPXaZ0sZZfuJeQ==',
  ),
  /** zstd without a checksum. */
  zstdDocument: base64(
    'KLUv/SA2sQEAeyJpZCI6OTAwNzE5OTI1NDc0MDk5MywibmFtZSI6IkFubmEiLCJ0YWdzIjpbImEiLCJiIl19',
  ),
  /** zstd from a pipe: the size is not told. */
  zstdStream: base64(
    'KLUv/QRYBQIAdAN7ImlkIjo5MDA3MTk5MjU0NzQwOTkzLCJuYW1lIjoiQW5uYSIsInRhZ3MiOlsiYSIsImIiXX0KAQAngf4VFGX7iXk=',
  ),
  lz4Lines: base64(
    'BCJNGGRAp0UAAADwH3siaWQiOjkwMDcxOTkyNTQ3NDA5OTMsIm5hbWUiOiJBbm5hIiwidGFncyI6WyIMAF9iIl19CjcA/////wFQYiJdfQoAAAAAspvNOQ==',
  ),
  /** lz4 with dependent blocks and the size. */
  lz4Sized: base64(
    'BCJNGGxATAQAAAAAAABjRQAAAPAfeyJpZCI6OTAwNzE5OTI1NDc0MDk5MywibmFtZSI6IkFubmEiLCJ0YWdzIjpbIgwAX2IiXX0KNwD/////AVBiIl19CgAAAACym805',
  ),
  /** "Wikipedia" twice in the block format, by the format's description: a literal, then a copy. */
  snappyBlock: Buffer.concat([
    Buffer.of(18, 8 << 2),
    Buffer.from('Wikipedia'),
    Buffer.of(((9 - 1) << 2) | 2, 9, 0),
  ]),
} as const;

/** Objects that Java 17 wrote. */
export const java = {
  text: base64('rO0ABXQABWhlbGxv'),
  /** class Q extends P, with fields of both. */
  object: base64(
    'rO0ABXNyAANKJFEAAAAAAAAAKwIAAUQAAWR4cgADSiRQAAAAAAAAACoCAANJAANhZ2VMAARuYW1ldAASTGphdmEvbGFuZy9TdHJpbmc7TAAEdGFnc3QAEExqYXZhL3V0aWwvTGlzdDt4cAAAAAN0AARBbm5hc3IAE2phdmEudXRpbC5BcnJheUxpc3R4gdIdmcdhnQMAAUkABHNpemV4cAAAAAF3BAAAAAF0AAFheD/4AAAAAAAA',
  ),
  map: base64(
    'rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcAUH2sHDFmDRAwACRgAKbG9hZEZhY3RvckkACXRocmVzaG9sZHhwP0AAAAAAAAF3CAAAAAIAAAABdAABa3NyABFqYXZhLmxhbmcuSW50ZWdlchLioKT3gYc4AgABSQAFdmFsdWV4cgAQamF2YS5sYW5nLk51bWJlcoaslR0LlOCLAgAAeHAAAAABeA==',
  ),
  array: base64('rO0ABXVyAAJbSU26YCZ26rKlAgAAeHAAAAADAAAAAQAAAAIAAAAD'),
  constant: base64(
    'rO0ABX5yABZqYXZhLmxhbmcuVGhyZWFkJFN0YXRlAAAAAAAAAAASAAB4cgAOamF2YS5sYW5nLkVudW0AAAAAAAAAABIAAHhwdAADTkVX',
  ),
} as const;

/** What pickle of Python 3.11 wrote, by protocol. */
export const pickle = {
  two: base64(
    'gAJ9cQAoWAEAAABhcQFLAVgEAAAAd2hlbnECY2RhdGV0aW1lCmRhdGV0aW1lCnEDY19jb2RlY3MKZW5jb2RlCnEEWAsAAAAHw6gBAgAAAAAAAHEFWAYAAABsYXRpbjFxBoZxB1JxCIVxCVJxCnUu',
  ),
  four: base64(
    'gASVVgAAAAAAAABdlCiMC2NvbGxlY3Rpb25zlIwLT3JkZXJlZERpY3SUk5QpUpSMAWGUSwFzaAMpUpSMAWKUSwJzjAhkYXRldGltZZSMBGRhdGWUk5RDBAfoAQKUhZRSlGUu',
  ),
  five: base64('gAWVLwAAAAAAAABdlCiMAXiUigkAAAAAAAAAAEBHP/gAAAAAAABDAXqUTohLAUsChpSPlChLA5BlLg=='),
} as const;

/** What cborg 6 wrote of an object: keys by length, floats as short as they can be. */
export const cborOfPlain = base64(
  'pmJpZAdjYmlnGwAAAQAAAAAAZGhhbGb5OABkbGlzdIYBIDjHGgABEXD19mRuYW1lZ0dyw7zDn2VkdGV4dHgeeHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4',
);

/** Texts that Python 3.11 encoded. */
export const charsets = [
  { view: 'utf-16le', bytes: base64('//5HAHIA/ADfAGUA'), text: '\ufeffGrüße' },
  { view: 'windows-1252', bytes: base64('gHVybyCTeJQ='), text: '€uro “x”' },
  { view: 'windows-1251', bytes: base64('z/Do4uXy'), text: 'Привет' },
  { view: 'shift_jis', bytes: base64('k/qWe4zq'), text: '日本語' },
  { view: 'gbk', bytes: base64('1tDOxA=='), text: '中文' },
] as const;
