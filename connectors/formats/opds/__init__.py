"""OPDS catalogues of books: version 1 is Atom, version 2 is JSON; both give the same payloads."""
