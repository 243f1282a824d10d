"""The nouns of wslabel: tasks, records, votes, labels, issues, decisions. Frozen values that validate themselves."""
