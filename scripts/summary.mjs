import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Prints a line a step and the sum, with what runs before this one counted; true when nothing failed. */
export function printSummary(results) {
  const total = earlier();
  console.log('\n── summary');
  for (const { name, passed, failed, seconds } of results) {
    total.passed += passed;
    total.failed += failed;
    console.log(`${name.padEnd(40)}${outcome(passed, failed).padEnd(26)}${seconds.toFixed(1).padStart(7)} s`);
  }
  if (totals) writeFileSync(totals, JSON.stringify(total));
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0;
}

/** A file that several commands add up in, so that the last one's closing line sums them all. */
const totals = process.env.CACHIFY_TOTALS;

function earlier() {
  const present = totals !== undefined && existsSync(totals) ? readFileSync(totals, 'utf8') : '';
  return present === '' ? { passed: 0, failed: 0 } : JSON.parse(present);
}

function outcome(passed, failed) {
  if (passed === 0) return failed === 0 ? 'ok' : 'failed';
  return `${passed} passed, ${failed} failed`;
}
