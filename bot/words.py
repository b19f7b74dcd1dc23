"""Write a list of words as prose. The word lists of all packages are made with it."""


def word_set(listing: str) -> frozenset[str]:
    """Return the words of a listing that is parted by white space."""
    return frozenset(listing.split())
