// Mocha's spec output for people, and the counts as JSON in the file CACHIFY_RESULTS names.
const { writeFileSync } = require('node:fs');
const { reporters, Runner } = require('mocha');

const { EVENT_RUN_END } = Runner.constants;

class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.CACHIFY_RESULTS;
    if (file) runner.once(EVENT_RUN_END, () => writeFileSync(file, JSON.stringify(this.counts())));
  }

  counts() {
    const { passes, failures, pending } = this.stats;
    return { passed: passes, failed: failures, pending };
  }
}

module.exports = CountingReporter;
