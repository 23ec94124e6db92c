"""Figures of the report: each module turns table rows or arrays into one matplotlib figure.

No function here touches `pyplot` or its global state. `serflow.figures.style.save` writes a figure.
"""
