import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { WorkerOptions } from './hostMessages';
import { nodeFiles } from './storeFiles';
import { runHost } from './runHost';
import { type UpkeepThreadOptions, runUpkeepThread } from './upkeepThread';

if (!parentPort) throw new Error('The store worker must be started as a worker thread');
const port = parentPort satisfies MessagePort;
const options = workerData as WorkerOptions | UpkeepThreadOptions;
if ('upkeep' in options) void runUpkeepThread(port, options);
else runHost(port, options, nodeFiles, __filename);
