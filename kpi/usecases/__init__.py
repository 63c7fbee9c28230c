"""One function a command: gather, compute, return; never prints, usable from a notebook."""
