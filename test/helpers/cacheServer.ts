import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { requireTool } from '../../scripts/tools.cjs';
import { eventually } from './eventually';
import { freePort } from './freePort';
import { onWindows, stopProcess } from './processes';

/** A server of our own on a free loopback port, with a temporary folder. */
export interface CacheServer {
  readonly host: '127.0.0.1';
  readonly port: number;
  readonly pid: number;
  readonly folder: string;
  /** Ends the process and removes its folder. */
  stop(): Promise<void>;
  /** Ends the process at once, as a crash would; `start` brings it back on the same port. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops answering without closing anything (SIGSTOP), until `resume`. */
  freeze(): Promise<void>;
  resume(): void;
}

/** What a server is started with; `{folder}` in an argument stands for its temporary folder. */
export interface ServerOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Path of the program; by default what the machine, or its variable, has. */
  readonly program?: string | undefined;
  /** Unix socket to wait for instead of the port. */
  readonly socket?: string;
}

/** Starts a redis-server that keeps nothing on disk. */
export function startRedis(options: ServerOptions = {}): Promise<CacheServer> {
  return start('redis-server', options, (port, folder) => [
    '--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder,
  ]); // prettier-ignore
}

/** Starts a memcached; more arguments such as `-X` or `-Y file` may follow. */
export function startMemcached(options: ServerOptions = {}): Promise<CacheServer> {
  const user = process.getuid?.() === 0 ? ['-u', 'root'] : [];
  return start('memcached', options, (port) => ['-l', '127.0.0.1', '-p', String(port), '-U', '0', ...user]);
}

type Tool = 'redis-server' | 'memcached';

async function start(
  tool: Tool,
  options: ServerOptions,
  args: (port: number, folder: string) => string[],
): Promise<CacheServer> {
  const folder = await mkdtemp(join(tmpdir(), `cachify-${tool}-`));
  const port = await freePort();
  const full = [
    ...args(port, folder),
    ...(options.args ?? []).map((arg) => arg.replaceAll('{folder}', folder)),
  ];
  let child = await launch(tool, full, port, options, folder);
  const signal = (name: NodeJS.Signals): void => {
    if (child.pid !== undefined) process.kill(child.pid, name);
  };
  return {
    host: '127.0.0.1',
    port,
    folder,
    get pid() {
      return child.pid ?? 0;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) signal('SIGCONT');
      await stopProcess(child);
      await rm(folder, { recursive: true, force: true });
    },
    async kill() {
      signal('SIGKILL');
      await stopProcess(child);
    },
    async start() {
      child = await launch(tool, full, port, options, folder);
    },
    async freeze() {
      signal('SIGSTOP');
      await eventually(`${tool} has stopped`, async () =>
        (await stateOf(child)).startsWith('T') ? true : undefined,
      );
    },
    resume() {
      signal('SIGCONT');
    },
  };
}

async function launch(
  tool: Tool,
  args: readonly string[],
  port: number,
  options: ServerOptions,
  folder: string,
): Promise<ChildProcess> {
  const child = spawn(options.program ?? requireTool(tool), args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: !onWindows,
    env: { ...process.env, ...options.env },
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const where = options.socket === undefined ? port : options.socket.replaceAll('{folder}', folder);
  await eventually(`${tool} accepts connections`, async () => {
    if (child.exitCode !== null) throw new Error(`${tool} ended at once:\n${output}`);
    return (await accepts(where)) ? true : undefined;
  });
  return child;
}

/** State of a process as the system tells it: T is stopped. */
async function stateOf(child: ChildProcess): Promise<string> {
  const pid = String(child.pid);
  if (process.platform === 'linux')
    return (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ').at(-1) ?? '';
  return (await promisify(execFile)('ps', ['-o', 'stat=', '-p', pid])).stdout.trim();
}

function accepts(where: number | string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = typeof where === 'number' ? createConnection(where, '127.0.0.1') : createConnection(where);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
