"""Starting many contracts at once from one template: rows in, contracts out, carried on after any crash."""
