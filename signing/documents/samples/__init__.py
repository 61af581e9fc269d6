"""Documents of our own words to show the pipeline with: a lease between a company and two persons, all invented."""
