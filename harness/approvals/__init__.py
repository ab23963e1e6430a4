"""Questions to a person: who answers, how they are put, and which answers are remembered."""
