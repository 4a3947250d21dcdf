import { escapeCharacter } from '../engine/keys/keyLabel';

/** Longest line the editor is handed, in characters: it cuts notifications at 1,000 itself, and with them what to do next. */
const lineLength = 900;

/** Longest text of several lines and longest entry of the log, in characters: a modal dialog grows with it. */
const textLength = 4000;

/**
 * What hides, moves or forges text where it is drawn: control and format characters (those that turn the direction of
 * writing among them), line separators and halves of characters. The two joiners stay: words are written with them.
 */
const unseen = /(?!\u200c|\u200d|\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * What the editor takes for more than text: `[label](command:…)` is a link in its notifications, progress and input
 * boxes, `$(name)` an icon in its lists and its status bar.
 */
const grammar = /(?<=\])\(|\$(?=\()/gu;

/** Names of keys, sentences of servers and whatever else comes from elsewhere as one line that is only text, of a bounded length. */
export function plainLine(text: string): string {
  return bounded(plain(oneLine(text)), lineLength);
}

/** As `plainLine`, for a part of a sentence: at most `limit` characters, so that it pushes nothing else out. */
export function plainPart(text: string, limit: number): string {
  return bounded(plainLine(text), limit);
}

/** An entry of the log: one line, so that no sentence of a server begins an entry of its own. */
export function plainEntry(text: string): string {
  return bounded(plain(oneLine(text)), textLength);
}

/** As `plainLine`, with the line ends kept. */
export function plainLines(text: string): string {
  return bounded(plain(text.replaceAll('\r\n', '\n')), textLength);
}

/** Whether somebody typed a name, as it is or as the editor is handed it: a person types what is shown. */
export function isNameTyped(typed: string, name: string): boolean {
  return typed === name || typed === plainLine(name);
}

/** An error whose message the editor shows to the person: it finds links in those, too. */
export function plainError(text: string): Error {
  return new Error(plainLine(text));
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/gu, ' ');
}

function plain(text: string): string {
  return text.replace(unseen, escapeCharacter).replace(grammar, hexEscape);
}

function hexEscape(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16)}`;
}

/** The middle goes: sentences begin with what happened and end with what to do. */
function bounded(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const tail = Math.floor(limit / 3);
  const start = text.slice(0, limit - tail - 1).replace(/[\ud800-\udbff]$/, '');
  const end = text.slice(-tail).replace(/^[\udc00-\udfff]/, '');
  return `${start}…${end}`;
}
