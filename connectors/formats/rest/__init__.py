"""JSON catalogues of any shape: where their pages lie, who may read them, what their items mean."""
