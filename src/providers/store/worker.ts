import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { WorkerOptions } from './hostMessages';
import { nodeFiles } from './storeFiles';
import { runHost } from './runHost';

if (!parentPort) throw new Error('The store worker must be started as a worker thread');
runHost(parentPort satisfies MessagePort, workerData as WorkerOptions, nodeFiles);
