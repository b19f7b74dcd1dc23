"""Which side a text takes on a claim: the model, and the claims it is asked about."""
