"""The card of a model: what it is, on what and how it was tested, and what it is not for.

Markdown, with the header that the Hugging Face hub reads. After Mitchell et al. (2019), "Model
cards for model reporting", FAT*.
"""
