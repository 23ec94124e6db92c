"""Corpora: each adapter is a small function from a folder to the clip table's rows."""
