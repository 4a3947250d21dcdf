import { readFileSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix, relative, sep } from 'node:path';
import * as ts from 'typescript';
import { repositoryRoot } from './repository';

/** A source file with what it imports, type-only imports and import() included. */
export interface Source {
  /** Path from the root of the repository, with forward slashes and no extension. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

/** An import: a file of the repository, by path without extension, or a package or Node module by name. */
export type Import =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'package' | 'node'; readonly name: string };

/** Every TypeScript source below the given folders of the repository. */
export function sourcesIn(...folders: readonly string[]): Source[] {
  return folders.flatMap((folder) => filesIn(folder).map(read));
}

function filesIn(folder: string): string[] {
  const names = readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.tsx?$/.test(name)).map((name) => join(folder, name));
}

function read(file: string): Source {
  const text = readFileSync(join(repositoryRoot, file), 'utf8');
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return {
    path: withoutExtension(file),
    text,
    imports: importedFiles.map(({ fileName }) => resolve(file, fileName)),
  };
}

function resolve(from: string, name: string): Import {
  if (name.startsWith('.')) {
    const target = relative('.', join(dirname(from), name));
    return { kind: 'file', path: withoutExtension(target) };
  }
  if (name.startsWith('node:') || builtinModules.includes(name)) return { kind: 'node', name };
  const parts = name.split('/').slice(0, name.startsWith('@') ? 2 : 1);
  return { kind: 'package', name: parts.join('/') };
}

function withoutExtension(file: string): string {
  return file
    .split(sep)
    .join(posix.sep)
    .replace(/\.(tsx?|jsx?|css)$/, '');
}
