"""The console: what the operator's commands do, as a page in the browser of this machine."""
