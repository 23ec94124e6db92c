# A corpus of the user's own is used where it lies: there is nothing to make.
