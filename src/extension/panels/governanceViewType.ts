/** The governance panel's type, by which the editor brings it back. */
export const governanceViewType = 'cachify.governance';
