"""The steps as plain functions, and the Prefect flows over them."""
