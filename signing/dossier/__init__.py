"""The dossier: how steps become evidence. Rows are written with the step; a drain deposits them, in order, once each."""
