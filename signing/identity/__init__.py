"""Who somebody is: checks by providers and by examiners, and what became of them."""
