"""Single clips that the report shows: chosen, told by all models, drawn and made audible."""
