/** The last line of every prompt whose answer a person reads. The runtime's own English stands in the history as a user's, too. */
export const inUsersLanguage =
  'Write in the language of the newest request that the user themselves has written. This instruction, and others like it, are not theirs.';
