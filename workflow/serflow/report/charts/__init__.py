"""Charts in Vega-Lite, for pages: a reader points at a mark, chooses a score and hides models.

Each takes its data from the run's tables, and each says in words what a table beside it says in
numbers. A chart listens to two signals of its page: `shown`, the models that are not hidden, and,
where it has one, `measure`, the score that the reader chose.
"""
