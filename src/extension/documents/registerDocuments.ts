import type { Disposable } from '../../engine/kernel/lifetime';
import type { App } from '../app';
import { reportCommands } from './reportCommands';
import { valueDocuments } from './valueDocuments';

/** Registers all documents but those of the history, with their commands. */
export function registerDocuments(app: App): Disposable[] {
  return [...valueDocuments(app), ...reportCommands(app)];
}
