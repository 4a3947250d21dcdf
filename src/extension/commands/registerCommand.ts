import * as vscode from 'vscode';
import { toEngineError } from '../../engine/kernel/errors';
import type { Log } from '../../engine/kernel/ports';
import type { CommandId, Commands } from '../contract';
import { showError } from '../prompts';

/** Handlers of some commands, each with the arguments its contract names. */
export type Handlers = { readonly [K in CommandId]?: (...args: Commands[K]) => unknown };

/** Registers commands: arguments are passed on, the end is awaited, a failure is logged and shown, a cancel is neither. */
export function registerCommands(handlers: Handlers, log: Log): vscode.Disposable[] {
  return Object.entries(handlers).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        return await (handler as (...given: unknown[]) => unknown)(...args);
      } catch (thrown) {
        const error = toEngineError(thrown);
        if (error.reason === 'cancelled') return undefined;
        log.error(`${id} failed`, { code: error.code, reason: error.reason, message: error.message });
        showError(error);
        return undefined;
      }
    }),
  );
}
