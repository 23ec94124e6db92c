"""The report: one plain dict of content, laid out as an HTML page and as a PDF.

`content.assemble` decides what is said; `html.render` and `pdf.render` only decide how it looks.
"""
