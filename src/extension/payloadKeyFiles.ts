import { randomUUID } from 'node:crypto';
import { constants, copyFile, link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Small files for this user only, each written once. */
export interface KeyFiles {
  /** The text of a file; undefined when it is missing. */
  read(name: string): Promise<string | undefined>;
  /** Makes a file that appears whole and survives a crash; false when it is there already. */
  create(name: string, text: string): Promise<boolean>;
}

const privateFile = 0o600;
const privateFolder = 0o700;

/** Key files in a folder, which is made when needed. */
export function keyFilesIn(folder: string): KeyFiles {
  return {
    async read(name) {
      try {
        return await readFile(join(folder, name), 'utf8');
      } catch (thrown) {
        if (codeOf(thrown) === 'ENOENT') return undefined;
        throw thrown;
      }
    },
    async create(name, text) {
      await mkdir(folder, { recursive: true, mode: privateFolder });
      // The ending is one that the store clears away after a crash.
      const temporary = join(folder, `${name}.${randomUUID()}.tmp`);
      await writeDurably(temporary, text);
      try {
        return await nameOnce(temporary, join(folder, name));
      } finally {
        await unlink(temporary);
      }
    },
  };
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', privateFile);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Gives a finished file its name unless another has it, which a rename would replace. */
async function nameOnce(file: string, name: string): Promise<boolean> {
  try {
    await link(file, name).catch(async (thrown: unknown) => {
      if (codeOf(thrown) === 'EEXIST') throw thrown;
      // Not every file system has links. A copy cut off by a crash does not parse, and is then never used.
      await copyFile(file, name, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false;
    throw thrown;
  }
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}
