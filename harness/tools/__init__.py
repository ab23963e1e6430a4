"""Tools: how they are declared (`binding`), kept (`registry`) and called (`orchestrator`)."""
