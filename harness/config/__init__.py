"""Settings and rules: where their files stand, what is read from them, whom they are trusted by, and how they grow."""
