"""The demonstration corpus: synthetic emotional speech made by rules, reproducible clip by clip."""
