import { join } from 'node:path';

/** The root of the repository, from where the compiled helpers are. */
export const repositoryRoot = join(__dirname, '../../..');

/** What runs leave for whoever looks: screenshots, logs. Ignored by git. */
export const artifacts = join(repositoryRoot, 'artifacts');

/** The package `npm run package` makes. */
export const packagedExtension = join(repositoryRoot, 'cachify-studio.vsix');
