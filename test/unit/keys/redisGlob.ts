/** `stringmatchlen` of Redis, read as plainly as can be: exponential, and only for short names. */
export function redisMatches(glob: string, name: string): boolean {
  if (glob === '') return name === '';
  const [first] = glob;
  if (first === '*')
    return redisMatches(glob.slice(1), name) || (name !== '' && redisMatches(glob, name.slice(1)));
  if (name === '') return false;
  const { length, matches } = element(glob, name.charAt(0));
  return matches && redisMatches(glob.slice(length), name.slice(1));
}

/** The element that a glob begins with: how long it is, and whether it matches a character. */
function element(glob: string, character: string): { length: number; matches: boolean } {
  if (glob.startsWith('?')) return { length: 1, matches: true };
  if (glob.startsWith('[')) return characterClass(glob, character);
  if (glob.startsWith('\\') && glob.length > 1) return { length: 2, matches: glob[1] === character };
  return { length: 1, matches: glob[0] === character };
}

function characterClass(glob: string, character: string): { length: number; matches: boolean } {
  const negated = glob[1] === '^';
  let rest = glob.slice(negated ? 2 : 1);
  let found = false;
  while (rest !== '' && !rest.startsWith(']')) {
    const range = /^([^\\])-(.)/s.exec(rest);
    const escape = /^\\(.)/s.exec(rest);
    if (escape) found ||= escape[1] === character;
    else if (range) found ||= between(character, range[1] ?? '', range[2] ?? '');
    else found ||= rest[0] === character;
    rest = rest.slice((escape ?? range)?.[0].length ?? 1);
  }
  const length = glob.length - rest.length + (rest === '' ? 0 : 1);
  return { length, matches: found !== negated };
}

function between(character: string, a: string, b: string): boolean {
  const [low, high] = a < b ? [a, b] : [b, a];
  return character >= low && character <= high;
}
