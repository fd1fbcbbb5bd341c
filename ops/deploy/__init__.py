"""`make deploy` and `make destroy`: checks what is needed, runs `sam`, uploads the page, says what is left to do."""
