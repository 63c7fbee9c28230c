"""Whether a change is real, and what is needed to meet the target: series, verdicts, words."""
