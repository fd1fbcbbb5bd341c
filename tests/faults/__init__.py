"""The running local stack under injected faults: nothing lost, nothing sent twice, nothing of the text told."""
