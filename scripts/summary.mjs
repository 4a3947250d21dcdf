/** Prints a line a step and the sum; true when nothing failed. */
export function printSummary(results) {
  const total = { passed: 0, failed: 0 };
  console.log('\n── summary');
  for (const { name, passed, failed, seconds } of results) {
    total.passed += passed;
    total.failed += failed;
    console.log(`${name.padEnd(26)}${outcome(passed, failed).padEnd(26)}${seconds.toFixed(1).padStart(7)} s`);
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0;
}

function outcome(passed, failed) {
  if (passed === 0) return failed === 0 ? 'ok' : 'failed';
  return `${passed} passed, ${failed} failed`;
}
