"""The HTTP application: what surrounds a request, its shapes and refusals, and the routes."""
