"""The sample agency: what `esurat/demo/` holds is written by `python -m tools.sample`."""
