"""SERflow's library: speech emotion recognition from WAV files to evaluation tables and reports.

The library knows nothing of Snakemake; the workflow's scripts call it. Importing the package itself
imports nothing heavy: each module pulls in only what it uses.
"""
