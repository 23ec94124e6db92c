"""Trained models of a run, asked about clips of the corpus by what the run has stored of them.

Beside the recordings this needs no extraction, and a model that standardises within speakers finds
all clips of a speaker there.
"""
