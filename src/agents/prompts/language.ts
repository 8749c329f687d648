/** The last line of every prompt whose answer a person reads. */
export const inUsersLanguage = "Write in the language of the user's newest message.";
