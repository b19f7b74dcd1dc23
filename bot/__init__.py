"""Counterpoint's platform-neutral core: questions and claims in, checked quotes out."""
